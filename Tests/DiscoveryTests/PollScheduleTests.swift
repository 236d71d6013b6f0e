import TestSupport
import Testing
import Topology

@testable import Discovery

/// Moves a schedule through time by hand.
private struct Drill {
    var schedule: PollSchedule
    var now: ContinuousClock.Instant
    let epoch: ContinuousClock.Instant

    init(_ change: (inout PollSchedule.Settings) -> Void = { _ in }) {
        var settings = PollSchedule.Settings()
        change(&settings)
        epoch = .now
        now = epoch
        schedule = PollSchedule(settings: settings, epoch: epoch, generator: SeededGenerator(seed: 1))
    }

    /// Adds servers and ends their first probe well.
    mutating func settle(_ keys: Range<Int>) {
        for key in keys { schedule.add(key) }
        for start in schedule.advance(to: now) { schedule.ended(start.key, .well, at: now) }
    }

    /// Goes to the next moment at which something starts, and gives it.
    mutating func next() throws -> [PollSchedule.Start] {
        while true {
            now = max(now, try #require(schedule.nextWake))
            let starts = schedule.advance(to: now)
            if !starts.isEmpty { return starts }
        }
    }

    var elapsed: Duration { now - epoch }
}

@Suite("the poll schedule") struct PollScheduleTests {
    @Test("a new server is probed at once")
    func newServer() {
        var drill = Drill()
        drill.schedule.add(7)
        #expect(drill.schedule.advance(to: drill.now).map(\.key) == [7])
    }

    @Test("a server that is well is probed at a fixed rate, however long its probes take")
    func fixedRate() throws {
        var drill = Drill()
        drill.settle(0..<1)
        var starts: [Duration] = []
        for latency in [5, 400, 30, 700, 1, 1] {
            _ = try drill.next()
            starts.append(drill.elapsed)
            drill.now += .milliseconds(latency)
            drill.schedule.ended(0, .well, at: drill.now)
        }
        let gaps = zip(starts.dropFirst(), starts).map { $0 - $1 }
        #expect(gaps.allSatisfy { $0 == .seconds(1) })
    }

    @Test("a probe that takes longer than the interval misses turns and goes on at the next")
    func overrun() throws {
        var drill = Drill()
        drill.settle(0..<1)
        _ = try drill.next()
        let start = drill.elapsed
        drill.now += .milliseconds(2_300)
        #expect(drill.schedule.ended(0, .well, at: drill.now) == 2)
        let starts = try drill.next()
        #expect(drill.elapsed == start + .seconds(3))
        #expect(starts.map(\.interval) == [.seconds(3)])
    }

    @Test("what lies between two starts that were forgotten counts as no interval, and the next one does")
    func standsStill() throws {
        var drill = Drill()
        // Two phases.
        let count = PollSchedule.serversPerPhase * 2
        drill.settle(0..<count)
        for _ in 0..<2 {
            for start in try drill.next() { drill.schedule.ended(start.key, .well, at: drill.now) }
        }
        // The probes of one phase are under way while the process stands still, the others' turn goes by.
        let underWay = try drill.next().map(\.key)
        drill.now += .seconds(60)
        drill.schedule.forgetStarts()
        for key in underWay { #expect(drill.schedule.ended(key, .well, at: drill.now) == 0) }
        var intervals: [Int: [Duration?]] = [:]
        for _ in 0..<6 {
            for start in try drill.next() {
                intervals[start.key, default: []].append(start.interval)
                drill.schedule.ended(start.key, .well, at: drill.now)
            }
        }
        #expect(intervals.count == count)
        for (key, found) in intervals {
            #expect(found.first == .some(nil), "\(key): \(found)")
            #expect(found.dropFirst().allSatisfy { $0.map { $0 < .seconds(2) } ?? false }, "\(key): \(found)")
        }
    }

    @Test("turns are spread evenly over the interval, few at a time", arguments: [2, 10, 100, 1_000])
    func phases(count: Int) throws {
        var drill = Drill()
        drill.settle(0..<count)
        // The first turn of a new server comes after half an interval at least; in the third all are in step.
        while drill.elapsed < .seconds(3) {
            for start in try drill.next() { drill.schedule.ended(start.key, .well, at: drill.now) }
        }
        let phases = (count + PollSchedule.serversPerPhase - 1) / PollSchedule.serversPerPhase
        var (started, last, longestPause) = (0, drill.elapsed, Duration.zero)
        while drill.elapsed < .seconds(4) {
            let starts = try drill.next()
            #expect(starts.count <= PollSchedule.serversPerPhase)
            longestPause = max(longestPause, drill.elapsed - last)
            last = drill.elapsed
            for start in starts { drill.schedule.ended(start.key, .well, at: drill.now) }
            started += starts.count
        }
        // A turn at either edge of the window may fall out of it or into it.
        #expect(abs(started - count) <= PollSchedule.serversPerPhase)
        // Multiples of the golden ratio leave no gap over 2.62 times the mean.
        #expect(longestPause <= min(.seconds(1), .seconds(2.7) / phases))
    }

    @Test("a server that fails is retried ever less often, up to a limit, and then is polled as before")
    func backoff() throws {
        var drill = Drill { $0.longestBackoff = .seconds(6) }
        drill.schedule.add(0)
        _ = drill.schedule.advance(to: drill.now)
        for expected in [1.0, 2, 4, 6, 6, 6] {
            drill.schedule.ended(0, .failed, at: drill.now)
            let before = drill.elapsed
            _ = try drill.next()
            let waited = (drill.elapsed - before).inSeconds
            #expect(waited >= expected * 0.79 && waited <= expected * 1.21)
        }
        drill.schedule.ended(0, .well, at: drill.now)
        let before = drill.elapsed
        _ = try drill.next()
        #expect(drill.elapsed - before <= .milliseconds(1_500))
    }

    @Test("a server whose return is awaited is looked for each second, at once and for as long as it is awaited")
    func awaited() throws {
        var drill = Drill { $0.longestBackoff = .seconds(60) }
        drill.schedule.add(0)
        _ = drill.schedule.advance(to: drill.now)
        func wait(_ drill: inout Drill, before: (inout Drill) -> Void = { _ in }) throws -> Duration {
            drill.schedule.ended(0, .failed, at: drill.now)
            let start = drill.elapsed
            before(&drill)
            _ = try drill.next()
            return drill.elapsed - start
        }
        for _ in 0..<6 { _ = try wait(&drill) }
        // It would be tried again after half a minute and more.
        let first = try wait(&drill) { $0.schedule.awaitReturn(of: [0], at: $0.now) }
        #expect(first >= .milliseconds(999) && first <= .milliseconds(1_001))
        for _ in 0..<5 {
            let waited = try wait(&drill) { $0.schedule.awaitReturn(of: [0], at: $0.now) }
            #expect(waited >= .milliseconds(790) && waited <= .milliseconds(1_210))
        }
        drill.schedule.awaitReturn(of: [], at: drill.now)
        #expect(try wait(&drill) > .seconds(30))
    }

    @Test("a wish goes before what waits, and leaves the turn where it was")
    func outOfTurn() throws {
        var drill = Drill { $0.promptLane = 1 }
        drill.settle(0..<1)
        _ = try drill.next()
        drill.schedule.ended(0, .well, at: drill.now)
        let turn = drill.elapsed
        drill.now += .milliseconds(200)
        drill.schedule.add(1)
        drill.schedule.add(2)
        drill.schedule.request(0)
        let first = drill.schedule.advance(to: drill.now)
        #expect(first == [PollSchedule.Start(key: 0, interval: nil)])
        drill.schedule.ended(0, .well, at: drill.now)
        for key in [1, 2] {
            #expect(drill.schedule.advance(to: drill.now).map(\.key) == [key])
            drill.schedule.ended(key, .failed, at: drill.now)
        }
        while try drill.next().map(\.key) != [0] {}
        #expect(drill.elapsed == turn + .seconds(1))
    }

    @Test("a wish during a probe brings another right after it")
    func wishDuringProbe() {
        var drill = Drill()
        drill.schedule.add(0)
        _ = drill.schedule.advance(to: drill.now)
        drill.schedule.request(0)
        drill.schedule.request(0)
        #expect(drill.schedule.advance(to: drill.now).isEmpty)
        drill.schedule.ended(0, .well, at: drill.now)
        #expect(drill.schedule.advance(to: drill.now).map(\.key) == [0])
        drill.schedule.ended(0, .well, at: drill.now)
        #expect(drill.schedule.advance(to: drill.now).isEmpty)
    }

    @Test("only so many probes run at once, and one that hangs gives its place back")
    func lanes() throws {
        var drill = Drill {
            $0.promptLane = 2
            $0.patience = .milliseconds(100)
        }
        for key in 0..<5 { drill.schedule.add(key) }
        #expect(drill.schedule.advance(to: drill.now).map(\.key) == [0, 1])
        drill.schedule.ended(0, .well, at: drill.now)
        #expect(drill.schedule.advance(to: drill.now).map(\.key) == [2])
        #expect(try drill.next().map(\.key) == [3, 4])
        #expect(drill.elapsed == .milliseconds(100))
    }

    @Test("servers that fail do not take the places of those that are well")
    func failingLane() throws {
        var drill = Drill {
            $0.promptLane = 1
            $0.failingLane = 1
        }
        for key in 0..<3 { drill.schedule.add(key) }
        for key in 0..<3 {
            #expect(drill.schedule.advance(to: drill.now).map(\.key) == [key])
            drill.schedule.ended(key, .failed, at: drill.now)
        }
        drill.now += .seconds(2)
        #expect(drill.schedule.advance(to: drill.now).count == 1)
        drill.schedule.add(9)
        #expect(drill.schedule.advance(to: drill.now).map(\.key) == [9])
    }

    @Test("a look that proved nothing is repeated after its pause, and a crawl waits for that")
    func lookAgain() throws {
        var drill = Drill()
        drill.schedule.repeats = false
        drill.schedule.add(0)
        _ = drill.schedule.advance(to: drill.now)
        drill.schedule.ended(0, .lookAgain(after: .milliseconds(10)), at: drill.now)
        #expect(!drill.schedule.isQuiet)
        #expect(try drill.next().map(\.key) == [0])
        #expect(drill.elapsed == .milliseconds(10))
        drill.schedule.ended(0, .failed, at: drill.now)
        #expect(drill.schedule.isQuiet)
        #expect(drill.schedule.nextWake == nil)
    }

    @Test("whatever happens, no server is lost, none is probed twice at once, and in the end all is quiet")
    func random() {
        var random = SeededGenerator(seed: 42)
        for _ in 0..<50 {
            var drill = Drill {
                $0.promptLane = Int.random(in: 1...4, using: &random)
                $0.failingLane = Int.random(in: 1...2, using: &random)
            }
            var underWay: Set<Int> = []
            var alive: Set<Int> = []
            for step in 0..<400 {
                let server = Int.random(in: 0..<12, using: &random)
                switch Int.random(in: 0..<10, using: &random) {
                case 0 where !alive.contains(server) && !underWay.contains(server):
                    drill.schedule.add(step * 12 + server)
                    alive.insert(step * 12 + server)
                case 1:
                    if let key = alive.randomElement(using: &random) { drill.schedule.request(key) }
                case 2 where alive.count > 6:
                    if let key = alive.randomElement(using: &random) {
                        drill.schedule.remove(key)
                        alive.remove(key)
                        underWay.remove(key)
                    }
                case 3, 4, 5:
                    if let key = underWay.randomElement(using: &random) {
                        let endings: [PollSchedule.Ending] = [.well, .failed, .lookAgain(after: .milliseconds(5))]
                        drill.schedule.ended(key, endings.randomElement(using: &random) ?? .well, at: drill.now)
                        underWay.remove(key)
                    }
                default:
                    drill.now += .milliseconds(Int.random(in: 0...300, using: &random))
                    for start in drill.schedule.advance(to: drill.now) {
                        #expect(alive.contains(start.key))
                        #expect(underWay.insert(start.key).inserted)
                    }
                }
            }
            // Ended well one after the other, all come by again within two intervals.
            var seen: Set<Int> = []
            for _ in 0..<300 {
                for key in underWay { drill.schedule.ended(key, .well, at: drill.now) }
                seen.formUnion(underWay)
                underWay = Set(drill.schedule.advance(to: drill.now).map(\.key))
                drill.now += .milliseconds(100)
            }
            #expect(seen == alive)
        }
    }
}

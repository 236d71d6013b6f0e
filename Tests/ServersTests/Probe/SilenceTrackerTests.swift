import Testing
import Topology

@testable import Servers

@Suite("The silence of a source")
struct SilenceTrackerTests {
    private let start = ContinuousClock.now
    private let wall = Timestamp(seconds: 1_000_000)

    private func at(_ seconds: Double) -> ContinuousClock.Instant { start + .microseconds(Int64(seconds * 1e6)) }

    private func channel(
        heartbeats: UInt64, period: Duration? = .seconds(1), received: UInt64 = 4, last: Timestamp? = nil
    ) -> ReplicationChannel {
        ReplicationChannel(
            source: InstanceAddress(host: "a"), receiverActivity: "Waiting for master to send event",
            received: BinlogPosition(file: "bin.000001", offset: received), heartbeatPeriod: period,
            lastHeartbeat: last, heartbeatsReceived: heartbeats)
    }

    /// A tracker that expectations can change.
    private final class Tracker {
        var value = SilenceTracker()
    }

    /// A look that takes no time.
    private func look(
        _ tracker: Tracker, at seconds: Double, _ channel: ReplicationChannel, clock: ServerClock? = nil
    ) -> SourceSilence? {
        tracker.value.note([channel], clock: clock, from: at(seconds), to: at(seconds))
        return tracker.value.silences(at: at(seconds), wallClock: wall + .microseconds(Int64(seconds * 1e6)))[""]
    }

    @Test("heartbeats that come keep it away, and so do events")
    func alive() {
        let tracker = Tracker()
        for second in 0..<20 {
            let beats = UInt64(second)
            #expect(look(tracker, at: Double(second), channel(heartbeats: beats)) == nil)
        }
        for second in 20..<40 {
            let events = UInt64(second)
            #expect(look(tracker, at: Double(second), channel(heartbeats: 19, received: events)) == nil)
        }
    }

    @Test("it begins two periods after the last sign, by the best that looks a second apart can tell")
    func begins() throws {
        let tracker = Tracker()
        #expect(look(tracker, at: 0, channel(heartbeats: 1)) == nil)
        // The second heartbeat came at some time between 0 and 1, most likely in the middle.
        #expect(look(tracker, at: 1, channel(heartbeats: 2)) == nil)
        #expect(tracker.value.nextDue == at(2.6))
        #expect(look(tracker, at: 2, channel(heartbeats: 2)) == nil)
        #expect(look(tracker, at: 2.59, channel(heartbeats: 2)) == nil)
        let silence = try #require(look(tracker, at: 2.6, channel(heartbeats: 2)))
        #expect(silence.since == wall + .seconds(1))
        #expect(silence.period == .seconds(1))
        #expect(silence.length(at: wall + .seconds(4)) == .seconds(3))
        #expect(tracker.value.nextDue == nil)
        // It stays the same value, and ends with the next sign.
        #expect(look(tracker, at: 9, channel(heartbeats: 2)) == silence)
        #expect(look(tracker, at: 10, channel(heartbeats: 3)) == nil)
    }

    @Test("looks without any news count too")
    func nothingNew() {
        let tracker = Tracker()
        _ = look(tracker, at: 0, channel(heartbeats: 1))
        tracker.value.noteNothing(at: at(1))
        tracker.value.noteNothing(at: at(1.9))
        let early = tracker.value.silences(at: at(1.9), wallClock: wall)
        #expect(early.isEmpty)
        let late = tracker.value.silences(at: at(2), wallClock: wall)
        #expect(late.count == 1)
    }

    @Test("where the server tells when a heartbeat came, it begins two periods after that")
    func exact() {
        let tracker = Tracker()
        // The server's clock is an hour ahead.
        let clock = ServerClock(server: wall + .seconds(3600), here: at(0))
        let last = wall + .seconds(3600) + .milliseconds(300)
        _ = look(tracker, at: 0, channel(heartbeats: 1), clock: clock)
        _ = look(tracker, at: 1, channel(heartbeats: 2, last: last), clock: clock)
        #expect(tracker.value.nextDue == at(2.3))
        // A clock that was set says nonsense; what the looks show holds.
        _ = look(tracker, at: 2, channel(heartbeats: 3, last: last + .seconds(5000)), clock: clock)
        #expect(tracker.value.nextDue == at(4))
    }

    @Test("a stall of half a period is none, whatever the moments of the looks")
    func stall() {
        for phase in stride(from: 0.0, to: 1, by: 0.05) {
            let tracker = Tracker()
            // Heartbeats at 0, 1, 2 …; the one due at 10 comes half a second late, and then they go on.
            let beats = Array(0..<10).map(Double.init) + [10.5, 11.5, 12.5, 13.5]
            var moments = stride(from: phase, to: 14, by: 1).map { $0 }
            while !moments.isEmpty {
                let moment = moments.removeFirst()
                let count = UInt64(beats.count { $0 <= moment })
                #expect(look(tracker, at: moment, channel(heartbeats: count)) == nil, "looks at \(phase) + n")
                // The look that is wanted when a silence would begin.
                if let due = tracker.value.nextDue, let next = moments.first, due < at(next), due > at(moment) {
                    moments.insert((due - start).inSeconds, at: 0)
                }
            }
        }
    }

    @Test(
        "there is none where the receiver does not wait for its source, or where no heartbeats are to be expected",
        arguments: [
            { $0.heartbeatPeriod = nil }, { $0.heartbeatPeriod = .zero }, { $0.receiver = .connecting },
            { $0.receiver = .stopped }, { $0.heartbeatsReceived = nil }, { $0.source = nil },
            { $0.receiverActivity = "Waiting for the slave SQL thread to free enough relay log space" },
        ] as [@Sendable (inout ReplicationChannel) -> Void])
    func noSignal(_ change: @Sendable (inout ReplicationChannel) -> Void) {
        var deaf = channel(heartbeats: 1)
        change(&deaf)
        let tracker = Tracker()
        #expect(look(tracker, at: 0, deaf) == nil)
        #expect(look(tracker, at: 100, deaf) == nil)
        #expect(tracker.value.nextDue == nil)
    }

    @Test("a receiver that was started again, or got another period, is listened to anew")
    func anew() {
        let tracker = Tracker()
        _ = look(tracker, at: 0, channel(heartbeats: 1))
        #expect(look(tracker, at: 3, channel(heartbeats: 1)) != nil)
        var stopped = channel(heartbeats: 1)
        stopped.receiver = .stopped
        #expect(look(tracker, at: 4, stopped) == nil)
        #expect(look(tracker, at: 5, channel(heartbeats: 1)) == nil)
        #expect(look(tracker, at: 6, channel(heartbeats: 1, period: .seconds(5))) == nil)
        #expect(look(tracker, at: 15.9, channel(heartbeats: 1, period: .seconds(5))) == nil)
        #expect(look(tracker, at: 16, channel(heartbeats: 1, period: .seconds(5))) != nil)
    }
}

import Operations
import Refactoring
import Simulation
import Storage
import TestSupport
import Topology

@testable import Operations

extension Trial {
    /// Kills baton at a moment of its life, lets somebody else act on the servers, by another operation or by hand, and
    /// resumes or rolls back then: that comes to its end or says why not, and makes no ring with what was done between.
    func meddle() async -> Outcome {
        var trial = self
        var outcome = Outcome(verb: intent.verb)
        guard let (plan, moments) = await rehearsal() else {
            outcome.kinds.append(.refused)
            return outcome
        }
        outcome.method = plan.method
        let moment = Int.random(in: 1...moments, using: &trial.random)
        let packet = Mortality.Packet.allCases.randomElement(using: &trial.random) ?? .goesOn
        let first = baton(SimulatedServers(world.fleet), Pages(), .moment(moment, packet))
        _ = try? await first.executor.run(plan)
        let servers = first.servers
        servers.change { fleet in
            fleet.closeAll()
            fleet.advance(by: .milliseconds(300))
        }
        guard let deed = await trial.meddle(with: servers, first.pages, plan) else {
            outcome.kinds.append(.left)
            return outcome
        }
        outcome.kinds.append(.interfered)
        let between = servers.current
        let second = baton(servers, first.pages, generation: 2)
        guard let open = first.pages.all.first, [.running, .failed, .stopped].contains(open.record.outcome) else {
            outcome.kinds.append(.left)
            return outcome
        }
        let isResumed = Bool.random(using: &trial.random)
        let ending = await Ending {
            isResumed ? try await second.executor.resume(open.id) : try await second.executor.rollBack(open.id)
        }
        outcome.kinds.append(ending.kind == .done ? (isResumed ? .resumed : .rolledBack) : ending.kind)
        func told(_ what: String) -> String {
            let way = isResumed ? "resumed" : "rolled back"
            return self.told(
                "dead at moment \(moment) \(packet), then \(deed), \(way): \(ending.words): \(what)\n\(plan.inWords)\n"
                    + first.pages.inWords)
        }
        outcome.violations += ending.untold.map(told)
        outcome.violations += violations(of: servers.current, since: between, plan).map(told)
        return outcome
    }

    private func violations(of after: SimulatedFleet, since between: SimulatedFleet, _ plan: Plan) -> [String] {
        let meant = fleet.circling.union(between.fleet().circling).union(plan.preview(on: fleet).circling)
        let circles = after.fleet().circling.subtracting(meant)
        return circles.isEmpty ? [] : ["a ring: \(circles.map(\.host).sorted())"]
    }

    /// Does something else on the servers.
    ///
    /// - Returns: what, in words; `nil` where nothing came to mind.
    private mutating func meddle(with servers: SimulatedServers, _ pages: Pages, _ plan: Plan) async -> String? {
        if Bool.random(using: &random) { return reroute(servers, plan) }
        let isMove = Bool.random(using: &random)
        guard
            let wish = anotherWish(
                servers, { isMove ? Intent.randomMove(in: $0, using: &$1) : Intent.random(in: $0, using: &$1) })
        else { return nil }
        let pages = Bool.random(using: &random) ? pages : Pages()
        let other = baton(servers, pages, generation: 3)
        let ending = await Ending { try await other.executor.run(wish.plan) }
        servers.change { $0.closeAll() }
        return ending.kind == .done ? "\(wish.intent)" : nil
    }

    /// Starts what the plan has stopped, maybe, and lets a server from which the plan's replicas are to replicate, or one
    /// above it, follow one of them by hand: what the plan does next would close a ring.
    private mutating func reroute(_ servers: SimulatedServers, _ plan: Plan) -> String? {
        let now = servers.current.fleet()
        guard let below = plan.replicasThatMove.sorted().randomElement(using: &random) else { return nil }
        let sources = plan.concerned.map(now.canonical)
        let above = sources.reduce(into: Set(sources)) { $0.formUnion(now.sourcesAbove($1)) }
        guard let replica = above.filter({ $0 != below }).sorted().randomElement(using: &random),
            !now.sourcesAbove(below).contains(replica), let channel = now[replica]?.channels.first,
            now[below]?.facts?.binaryLog != nil
        else { return nil }
        let place: SourcePositioning = world.family.byGTID ? world.family.positioning : .binlog(.known(.start))
        let starts = Bool.random(using: &random)
        let isDone = servers.change { fleet in
            if starts, let stopped = now[below]?.channels.first {
                try? fleet.carryOut([.startReplication(channel: stopped.name)], on: below)
            }
            let change = SourceChange(source: below, positioning: place, user: "repl")
            do {
                try fleet.carryOut(
                    [
                        .stopReplication(channel: channel.name), .changeSource(channel: channel.name, change),
                        .startReplication(channel: channel.name),
                    ], on: replica)
                fleet.advance(by: .milliseconds(100))
                return true
            } catch {
                return false
            }
        }
        return isDone ? "\(replica.host) follows \(below.host) by hand\(starts ? ", which is started" : "")" : nil
    }
}

extension BinlogPosition {
    /// Where the first event of the first file is.
    fileprivate static let start = BinlogPosition(file: "bin.000001", offset: 4)
}

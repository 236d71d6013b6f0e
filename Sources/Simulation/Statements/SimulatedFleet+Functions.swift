import Topology

extension SimulatedFleet {
    /// The value of a function that servers have; those that wait let time pass.
    mutating func call(
        _ function: String, _ arguments: [String], in session: SimulatedSession
    ) throws(SimulatedRefusal) -> String? {
        let isMariaDB = servers[session.address]?.isMariaDB ?? false
        switch function {
        case "GET_LOCK", "RELEASE_LOCK", "RELEASE_ALL_LOCKS", "IS_USED_LOCK", "IS_FREE_LOCK":
            return lock(function, arguments.first ?? "", in: session, for: Self.seconds(arguments, 1))
        case "CONNECTION_ID": return "\(session.id)"
        case "WAIT_FOR_EXECUTED_GTID_SET" where !isMariaDB:
            return try waitForSet(arguments, in: session)
        case "MASTER_GTID_WAIT" where isMariaDB:
            guard let position = arguments.first.flatMap({ try? GTIDPosition(parsing: $0) }) else {
                throw SimulatedRefusal(1941, "Could not parse GTID list")
            }
            let limit = Self.seconds(arguments, 1)
            return wait(limit) { fleet in
                guard let server = fleet.servers[session.address] else { return false }
                return position.gtids.allSatisfy { gtid in
                    gtid.sequence <= server.slavePosition[gtid.domain]?.sequence ?? 0
                }
            } ? "0" : "-1"
        case "MASTER_POS_WAIT", "SOURCE_POS_WAIT": return try waitForPosition(function, arguments, in: session)
        default: throw SimulatedRefusal(1305, "FUNCTION \(function) does not exist")
        }
    }

    /// The seconds in that argument; without one it waits a day, which is for ever here.
    private static func seconds(_ arguments: [String], _ index: Int) -> Duration {
        guard arguments.count > index, let seconds = Double(arguments[index]), seconds >= 0 else {
            return .seconds(86_400)
        }
        return .milliseconds(Int64(seconds * 1000))
    }

    /// Lets time pass until something holds.
    private mutating func wait(_ limit: Duration, until holds: (SimulatedFleet) -> Bool) -> Bool {
        let end = now + limit
        while !holds(self) {
            guard now < end else { return false }
            // Where nothing moves, nothing will come of waiting but what is due by the clock.
            if !step() { now = min(max(now, nextDue ?? end), end) }
        }
        return true
    }

    private mutating func waitForSet(
        _ arguments: [String], in session: SimulatedSession
    ) throws(SimulatedRefusal) -> String {
        guard servers[session.address]?.options.gtidMode != .off else {
            throw SimulatedRefusal(3062, "Cannot use WAIT_FOR_EXECUTED_GTID_SET when GTID_MODE = OFF.")
        }
        guard let set = arguments.first.flatMap({ try? GTIDSet(parsing: $0) }) else {
            throw SimulatedRefusal(1772, "Malformed GTID set specification")
        }
        let limit = Self.seconds(arguments, 1)
        return wait(limit) { set.isSubset(of: $0.servers[session.address]?.executed ?? GTIDSet()) } ? "0" : "1"
    }

    /// How many transactions were waited for; -1 when the time is over, `nil` (NULL) while the applier does not run.
    private mutating func waitForPosition(
        _ function: String, _ arguments: [String], in session: SimulatedSession
    ) throws(SimulatedRefusal) -> String? {
        guard let version = servers[session.address]?.options.version else { return nil }
        let isKnown =
            function.hasPrefix("SOURCE")
            ? version.flavor.isMySQLFamily && version.isAtLeast(8, 0, 26)
            : version.flavor == .mariadb || !version.isAtLeast(8, 4)
        guard isKnown else { throw SimulatedRefusal(1305, "FUNCTION \(function) does not exist") }
        guard arguments.count >= 2, let offset = UInt64(arguments[1]) else { return nil }
        let position = BinlogPosition(file: arguments[0], offset: offset)
        let name = arguments.count > 3 ? arguments[3] : ""
        func channel(_ fleet: SimulatedFleet) -> SimulatedChannel? { fleet.servers[session.address]?.channels[name] }
        var waited = 0
        func isReached(_ fleet: SimulatedFleet) -> Bool {
            channel(fleet)?.executed.map { $0 >= position } ?? false
        }
        guard channel(self)?.isApplierOn == true else { return nil }
        if isReached(self) { return "0" }
        let isOver = wait(Self.seconds(arguments, 2)) { fleet in
            waited += 1
            return isReached(fleet) || channel(fleet)?.isApplierOn != true
        }
        if isReached(self) { return "\(waited)" }
        return isOver ? nil : "-1"
    }

    private mutating func lock(
        _ function: String, _ name: String, in session: SimulatedSession, for limit: Duration
    ) -> String? {
        let holder = servers[session.address]?.locks[name]
        switch function {
        case "GET_LOCK":
            if holder == nil || holder == session.id {
                servers[session.address]?.locks[name] = session.id
                return "1"
            }
            // Whoever holds it is another session of this same thread of time: it can't let go meanwhile.
            now = now + limit
            return "0"
        case "RELEASE_LOCK":
            guard let holder else { return nil }
            guard holder == session.id else { return "0" }
            servers[session.address]?.locks[name] = nil
            return "1"
        case "IS_USED_LOCK": return holder.map { "\($0)" }
        case "IS_FREE_LOCK": return holder == nil ? "1" : "0"
        default:
            let held = servers[session.address]?.locks.filter { $0.value == session.id } ?? [:]
            for name in held.keys { servers[session.address]?.locks[name] = nil }
            return "\(held.count)"
        }
    }
}

import Servers
import Topology

/// A simulated fleet as the program meets servers: probed and spoken to from anywhere, one after the other.
public actor SimulatedServers {
    private var fleet: SimulatedFleet

    /// Takes a fleet over.
    public init(_ fleet: SimulatedFleet) {
        self.fleet = fleet
    }

    /// The fleet as it is now: a value, which what comes later does not change.
    public var current: SimulatedFleet { fleet }

    /// Lets something happen to the fleet: time, faults, a workload.
    public func change<Value: Sendable>(_ body: (inout SimulatedFleet) throws -> Value) rethrows -> Value {
        try body(&fleet)
    }

    /// Looks at a server once, as a probe does.
    public func probe(_ address: InstanceAddress) -> ProbeOutcome {
        fleet.step()
        if let facts = fleet.facts(of: address) { return .facts(facts) }
        guard let contact = fleet.fleet()[address]?.contact, let failure = contact.failure else {
            return .unreachable(ContactFailure(kind: .unknownHost, code: 2005, message: "Unknown server host"))
        }
        return .unreachable(failure)
    }

    /// Runs statements in one session, up to the first that fails.
    ///
    /// - Throws: ``StatementError`` with its index where the server refuses one, ``ConnectionError`` where the server does
    ///   not answer or the connection is lost; what came before stands.
    public func run(_ statements: [String], on address: InstanceAddress) throws -> [ResultSet] {
        var results: [ResultSet] = []
        do throws(SimulatedFailure) {
            let session = try fleet.connect(to: address)
            defer { fleet.close(session) }
            for statement in statements {
                results.append(try fleet.execute(statement, in: session).rows)
                fleet.step()
            }
        } catch {
            throw Self.error(error, at: results.count, on: address)
        }
        return results
    }

    private static func error(
        _ failure: SimulatedFailure, at index: Int, on address: InstanceAddress
    ) -> any Error {
        switch failure {
        case .refused(let code, let message):
            StatementError(index: index, code: code, sqlState: code == 1064 ? "42000" : "HY000", message: message)
        case .connectionRefused:
            ConnectionError(
                address: address, phase: .connecting, cause: .contact(.connectionRefused), code: 2003,
                message: "Connection refused")
        case .connectionLost:
            ConnectionError(
                address: address, phase: .querying, cause: .contact(.connectionLost), code: 2013,
                message: "Lost connection to server during query")
        case .timedOut:
            ConnectionError(
                address: address, phase: .querying, cause: .contact(.readTimeout), message: "no answer came in time")
        }
    }
}

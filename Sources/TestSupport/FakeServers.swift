import Servers
import Synchronization
import Topology

/// Servers as values, with faults: what probers see when no real server is needed.
public final class FakeServers: Sendable {
    /// How a server behaves.
    public enum Behavior: Sendable, Hashable {
        case answers
        /// Nobody listens.
        case refuses
        /// The connection is lost while the probe runs.
        case losesConnection
        /// It neither answers nor refuses: the probe waits for its deadline.
        case hangs
        case deniesAccess
    }

    private struct Server {
        var facts: InstanceFacts
        var revision = 0
        var behavior = Behavior.answers
        var probes = 0
    }

    private struct State {
        var servers: [String: Server] = [:]
        var routes: [InstanceAddress: String] = [:]
        var connections: [String: [AsyncStream<Void>.Continuation]] = [:]
        var openProbers = 0
    }

    private let state = Mutex(State())
    /// How long a probe of a server that hangs takes.
    public let deadline: Duration
    /// How long an answer takes.
    public let latency: Duration

    public init(deadline: Duration = .milliseconds(300), latency: Duration = .zero) {
        self.deadline = deadline
        self.latency = latency
    }

    /// Adds a server under its addresses, or changes what it answers.
    public func add(_ facts: InstanceFacts, at addresses: InstanceAddress...) {
        let id = "\(addresses[0])"
        state.withLock { state in
            state.servers[id, default: Server(facts: facts)].facts = facts
            state.servers[id]?.revision += 1
            for address in addresses { state.routes[address] = id }
        }
    }

    /// Lets an address lead to the server of another.
    public func route(_ address: InstanceAddress, to other: InstanceAddress) {
        state.withLock { $0.routes[address] = $0.routes[other] }
    }

    /// Changes what a server answers.
    public func change(_ address: InstanceAddress, _ body: (inout InstanceFacts) -> Void) {
        state.withLock { state in
            guard let id = state.routes[address], var server = state.servers[id] else { return }
            body(&server.facts)
            server.revision += 1
            state.servers[id] = server
        }
    }

    public func set(_ behavior: Behavior, at address: InstanceAddress) {
        state.withLock { state in
            guard let id = state.routes[address] else { return }
            state.servers[id]?.behavior = behavior
        }
    }

    /// What `kill -9` does: connections break, and new ones are refused.
    public func kill(_ address: InstanceAddress) {
        set(.refuses, at: address)
        breakConnections(to: address)
    }

    /// Closes the connections to a server, which goes on.
    public func breakConnections(to address: InstanceAddress) {
        let connections = state.withLock { state in state.routes[address].flatMap { state.connections[$0] } ?? [] }
        for connection in connections { connection.yield() }
    }

    /// Probes that have started of the server behind an address.
    public func probes(of address: InstanceAddress) -> Int {
        state.withLock { state in state.routes[address].flatMap { state.servers[$0]?.probes } ?? 0 }
    }

    /// Probers that were made and not closed.
    public var openProbers: Int { state.withLock { $0.openProbers } }

    /// A prober of that address; probing an address that leads nowhere is refused.
    public func prober(for address: InstanceAddress) -> any Prober {
        let (stream, continuation) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        state.withLock { state in
            state.openProbers += 1
            if let id = state.routes[address] { state.connections[id, default: []].append(continuation) }
        }
        return FakeProber(servers: self, address: address, disconnections: stream, continuation: continuation)
    }

    fileprivate func closed() { state.withLock { $0.openProbers -= 1 } }

    fileprivate func begin(_ address: InstanceAddress) -> (Behavior, InstanceFacts?, Int) {
        state.withLock { state in
            guard let id = state.routes[address], let server = state.servers[id] else { return (.refuses, nil, 0) }
            state.servers[id]?.probes += 1
            return (server.behavior, server.facts, server.revision)
        }
    }
}

private final class FakeProber: Prober {
    private struct Seen {
        var revision: Int?
        var serverID: UInt32?
        var isClosed = false
    }

    private let servers: FakeServers
    private let address: InstanceAddress
    let disconnections: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation
    private let seen = Mutex(Seen())

    init(
        servers: FakeServers, address: InstanceAddress, disconnections: AsyncStream<Void>,
        continuation: AsyncStream<Void>.Continuation
    ) {
        self.servers = servers
        self.address = address
        self.disconnections = disconnections
        self.continuation = continuation
    }

    func probe() async -> ProbeOutcome {
        let (behavior, facts, revision) = servers.begin(address)
        if servers.latency > .zero { try? await Task.sleep(for: servers.latency) }
        switch behavior {
        case .answers:
            guard let facts else { return refused }
            let isNew = seen.withLock { seen in
                defer { (seen.revision, seen.serverID) = (revision, facts.identity.serverID) }
                return seen.revision != revision || seen.serverID != facts.identity.serverID
            }
            return isNew ? .facts(facts) : .unchanged
        case .refuses: return refused
        case .losesConnection:
            return .unreachable(ContactFailure(kind: .connectionLost, code: 2013, message: "Lost connection"))
        case .hangs:
            try? await Task.sleep(for: servers.deadline)
            return .unreachable(ContactFailure(kind: .readTimeout, code: 2013, message: "no answer"))
        case .deniesAccess:
            return .noAccess(ContactFailure(kind: .accessDenied, code: 1045, message: "Access denied"))
        }
    }

    private var refused: ProbeOutcome {
        .unreachable(ContactFailure(kind: .connectionRefused, code: 2003, message: "Connection refused"))
    }

    func close() async {
        let isFirst = seen.withLock { seen in
            defer { seen.isClosed = true }
            return !seen.isClosed
        }
        guard isFirst else { return }
        servers.closed()
        continuation.finish()
    }
}

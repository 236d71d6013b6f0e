import Topology

/// The identities that answered at one address, connection after connection.
///
/// A server that was replaced by another one, on the same port or behind the same name, changes its identity once. An
/// address that changes it again soon after is not one server: a proxy, a balancer or a floating address answers there.
struct IdentityHistory: Hashable {
    /// Who answered, in words: the `server_uuid`, or the `server_id` with the server's own name where there is none.
    struct Identity: Hashable {
        var text: String

        init(_ identity: ServerIdentity) {
            text =
                identity.serverUUID?.description
                ?? "server_id \(identity.serverID) (\(identity.hostName):\(identity.port))"
        }
    }

    private struct Sighting: Hashable {
        var identity: Identity
        var at: ContinuousClock.Instant
    }

    /// Only this many connections count, and only those of the last hour, so that a server rebuilt every other day is
    /// not taken for a proxy.
    private static let length = 8
    private static let memory = Duration.seconds(3600)
    /// One change is another server on a known port.
    private static let changesOfAProxy = 2

    private var sightings: [Sighting] = []

    /// Notes who answered: each new connection counts, and so does another identity on the same connection, as a proxy
    /// shows that shares connections among clients.
    mutating func record(_ identity: Identity, isNewConnection: Bool, at now: ContinuousClock.Instant) {
        guard isNewConnection || sightings.last?.identity != identity else { return }
        sightings.append(Sighting(identity: identity, at: now))
        sightings.removeAll { $0.at < now - Self.memory }
        if sightings.count > Self.length { sightings.removeFirst(sightings.count - Self.length) }
    }

    /// Set when the identities seen cannot be those of one server; the two last that differed.
    var proxy: ProxySighting? {
        let changes = zip(sightings, sightings.dropFirst()).filter { $0.identity != $1.identity }
        guard changes.count >= Self.changesOfAProxy, let last = changes.last else { return nil }
        return .changingIdentity(last.0.identity.text, last.1.identity.text)
    }
}

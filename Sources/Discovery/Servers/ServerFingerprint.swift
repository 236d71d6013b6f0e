import Topology

/// What makes two names one server, or not.
///
/// A `server_uuid` alone is no proof, because a copied data directory brings its twin along: host name and port, as the
/// server itself tells them, must agree as well. MariaDB has no such identity, so there the server id takes its place,
/// and two names are one server only where the process behind both started in the same second.
struct ServerFingerprint: Hashable {
    let serverUUID: ServerUUID?
    let serverID: UInt32
    let hostName: String
    let port: UInt16

    init(_ identity: ServerIdentity) {
        serverUUID = identity.serverUUID
        serverID = identity.serverID
        hostName = identity.hostName.lowercased()
        port = identity.port
    }

    /// Start times come from an uptime in whole seconds and the clock here, so that two readings of one start may be
    /// this far apart.
    static let startTolerance: Duration = .seconds(2)

    /// Whether two instances of equal fingerprint are one server under two names.
    static func isOneServer(_ left: Instance, _ right: Instance) -> Bool {
        guard let leftFacts = left.facts, let rightFacts = right.facts,
            leftFacts.proxy == nil, rightFacts.proxy == nil,
            ServerFingerprint(leftFacts.identity) == ServerFingerprint(rightFacts.identity)
        else { return false }
        let bothAnswer = left.contact.isReachable && right.contact.isReachable
        if let leftStart = leftFacts.identity.startedAt, let rightStart = rightFacts.identity.startedAt {
            let apart = leftStart - rightStart
            if apart <= startTolerance, apart >= .zero - startTolerance { return true }
        }
        // One of the names does not answer now: it is a former name, if the identity is strong enough to say so.
        return leftFacts.identity.serverUUID != nil && !bothAnswer
    }
}

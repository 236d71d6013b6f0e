import Topology

extension Detector {
    /// Servers that do not answer, or that do not let baton in. What their replicas see is put beside it: replicas that
    /// are still connected speak for a network between here and there that is broken.
    static let contact = Detector { examined, problems in
        let address = examined.address
        switch examined.instance.contact {
        case .neverTried, .remembered, .reachable:
            return
        case .noAccess(let since, let lastSeen, let failure):
            problems.append(
                Problem(
                    .noAccess, .warning, of: address,
                    summary: "\(address) answers but does not let baton in: \(failure.kind.words)",
                    evidence: evidence(failure, lastSeen: lastSeen), remedy: failure.kind.remedy, since: since,
                    lastSeen: lastSeen))
        case .unreachable(let since, let lastSeen, let failure):
            problems.append(
                Problem(
                    .unreachable, .broken, of: address,
                    summary: "\(address) does not answer: \(failure.kind.words)",
                    evidence: evidence(failure, lastSeen: lastSeen) + testimony(of: examined),
                    remedy: failure.kind.remedy, since: since, lastSeen: lastSeen))
        }
    }

    private static func evidence(_ failure: ContactFailure, lastSeen: Timestamp?) -> [String] {
        let code = failure.code == 0 ? "" : "error \(failure.code): "
        return [code + failure.message] + (lastSeen == nil ? ["never seen"] : [])
    }

    private static func testimony(of examined: Examined) -> [String] {
        let fleet = examined.context.fleet
        let replicas = fleet.replicas(of: examined.address)
        var connected = 0
        var asked = 0
        for replica in replicas {
            guard let instance = fleet[replica], instance.contact.isReachable else { continue }
            for channel in instance.channels where fleet.source(of: channel) == examined.address {
                asked += 1
                if channel.receiver == .running { connected += 1 }
            }
        }
        return asked == 0 ? [] : ["\(connected) of \(asked) reachable replicas say that they are connected to it"]
    }
}

extension ContactFailure.Kind {
    /// The kind in words.
    var words: String {
        switch self {
        case .connectionRefused: "the connection is refused"
        case .connectTimeout: "no connection within the deadline"
        case .readTimeout: "connected, but no answer within the deadline"
        case .connectionLost: "the connection was lost"
        case .unknownHost: "its name cannot be resolved"
        case .networkUnreachable: "no network leads there"
        case .accessDenied: "access is denied"
        case .hostBlocked: "this host is blocked after too many connection errors"
        case .tooManyConnections: "it has too many connections"
        case .tls: "no secure connection can be made"
        case .protocolViolation: "what answers does not speak the protocol, or not sensibly"
        case .other: "the attempt failed"
        }
    }

    /// What to do about it, where the kind says it; a whole sentence.
    public var remedy: String? {
        switch self {
        case .connectionRefused: "Check that the server process runs and listens on this address and port."
        case .connectTimeout, .networkUnreachable:
            "Check the host, the network and the firewalls between here and there."
        case .readTimeout: "Check the host for a hung process, a full disk or a lost network."
        case .unknownHost: "Check the name and the resolver of this host."
        case .accessDenied: "Check user, password and the account's host part for this host."
        case .hostBlocked: "Run FLUSH HOSTS (or TRUNCATE TABLE performance_schema.host_cache) on the server."
        case .tooManyConnections: "Raise max_connections or end connections that are not needed."
        case .tls: "Check ssl-mode, the certificates and their dates on both sides."
        case .protocolViolation: "Check that this port is the server's own, and not another service."
        case .connectionLost, .other: nil
        }
    }
}

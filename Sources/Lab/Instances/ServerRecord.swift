import Topology

/// What a lab remembers of one of its servers, in its state file.
struct ServerRecord: Codable, Hashable, Sendable {
    let name: String
    let flavour: Shape.Flavour
    /// As the server program gave it.
    let version: String
    /// Where it listens; `nil` for loopback.
    var host: String?
    let port: UInt16
    /// How the server is started, word for word, so that it can be started again.
    let command: [String]
    /// The names of the servers it replicates from.
    let sources: [String]
    /// The source it was attached to with GTIDs or with positions.
    let positioning: Positioning
    let readOnly: Bool
    /// Seconds it was told to stay behind.
    var delay: Int
    /// The period of its source's heartbeats in seconds, 0 for none; `nil` for the server's own.
    var heartbeat: Int?
    /// The process it runs in; `nil` before its first start and after it was stopped in order.
    var process: ProcessIdentity?

    enum Positioning: String, Codable {
        case gtid
        case positions
    }

    var address: InstanceAddress { InstanceAddress(host: host ?? LabSite.loopback, port: port) }
}

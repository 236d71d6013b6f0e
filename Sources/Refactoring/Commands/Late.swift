import Topology

/// A value that is known now, or that an earlier step of the plan finds out.
public enum Late<Value: Hashable & Sendable & Codable>: Hashable, Sendable, Codable {
    case known(Value)
    case observed(Observation)
}

/// What a step reads from its server when it is done, for steps after it.
public struct Observation: Hashable, Sendable, Codable {
    /// What there is to read.
    public enum Quantity: String, Hashable, Sendable, Codable, CaseIterable {
        /// The end of the server's own binary log.
        case binaryLogEnd
        /// How far the channel's applier has executed its source's binary log.
        case executedPosition
        /// How far the channel's receiver has read its source's binary log.
        case receivedPosition
        /// Executed GTIDs (MySQL).
        case executedGTIDs
        /// Position of the applier (MariaDB).
        case replicaPosition
        /// Position of the binary log (MariaDB).
        case binaryLogGTIDPosition
        /// Position of the binary log and the applier, whichever is later in each domain (MariaDB, `gtid_current_pos`).
        case currentGTIDPosition
        /// Whether the event scheduler is on; one that the server was started without is off.
        case eventScheduler
        /// The options of the channel's connection (``SourceOptions``), which a server forgets with the source.
        case connectionOptions
        /// Those of them that say how to connect, which another server can use for the way back.
        case connectingOptions
        /// Since when its binary log goes on (``BinaryLogSeries``), of a server in whose log places are read.
        case binaryLogSeries
    }

    public var instance: InstanceAddress
    /// The channel that it is about, empty for the default one.
    public var channel: String
    public var quantity: Quantity

    /// Makes an observation.
    public init(_ quantity: Quantity, of instance: InstanceAddress, channel: String = "") {
        self.instance = instance
        self.channel = channel
        self.quantity = quantity
    }
}

extension Observation: CustomStringConvertible {
    /// In words, as a plan that has not run prints it: `<end of the binary log of db1:3306>`.
    public var description: String {
        let of = channel.isEmpty ? "\(instance)" : "\(instance) channel \(channel)"
        return switch quantity {
        case .binaryLogEnd: "<end of the binary log of \(of)>"
        case .executedPosition: "<executed position of \(of)>"
        case .receivedPosition: "<received position of \(of)>"
        case .executedGTIDs: "<executed GTIDs of \(of)>"
        case .replicaPosition: "<applier's GTID position of \(of)>"
        case .binaryLogGTIDPosition: "<GTID position of the binary log of \(of)>"
        case .currentGTIDPosition: "<current GTID position of \(of)>"
        case .eventScheduler: "<event scheduler of \(of)>"
        case .connectionOptions: "<options of the connection of \(of)>"
        case .connectingOptions: "<TLS, key, compression and retries of the connection of \(of)>"
        case .binaryLogSeries: "<series of the binary log of \(of)>"
        }
    }
}

/// What the steps of a run have read so far.
public struct Observed: Hashable, Sendable, Codable {
    /// One value that was read, in its own notation.
    private var texts: [String: String] = [:]

    /// Makes an empty record.
    public init() {}

    /// Notes a value in its own notation.
    public mutating func note(_ text: String, for observation: Observation) {
        texts[Self.key(observation)] = text
    }

    /// The value in its own notation, `nil` where it was not read.
    public subscript(_ observation: Observation) -> String? { texts[Self.key(observation)] }

    private static func key(_ observation: Observation) -> String {
        "\(observation.quantity.rawValue) \(observation.instance) \(observation.channel)"
    }
}

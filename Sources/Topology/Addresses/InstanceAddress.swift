/// Where one server process listens: a host name or IP address, and a TCP port.
///
/// Two addresses are equal when host and port are; whether two *different* addresses name the same server is known
/// only to the fleet (``Fleet/canonical(_:)``), which has asked the servers.
public struct InstanceAddress: Hashable, Sendable {
    /// The port of the MySQL protocol when nothing else is said (IANA, and every MySQL and MariaDB release).
    public static let defaultPort: UInt16 = 3306

    /// Host name in lower case, or an IP address; IPv6 without brackets.
    public let host: String
    public let port: UInt16

    /// Makes an address from parts that are known to be good, for example a resolved name.
    ///
    /// The host is put in lower case, because DNS does not distinguish (RFC 4343).
    public init(host: String, port: UInt16 = InstanceAddress.defaultPort) {
        self.host = host.lowercased()
        self.port = port
    }
}

extension InstanceAddress: Comparable {
    public static func < (left: InstanceAddress, right: InstanceAddress) -> Bool {
        left.host == right.host ? left.port < right.port : left.host < right.host
    }
}

extension InstanceAddress: CustomStringConvertible {
    /// `host:port`, or `[host]:port` where the host is an IPv6 address; ``init(parsing:defaultPort:)`` reads it back.
    public var description: String {
        host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
}

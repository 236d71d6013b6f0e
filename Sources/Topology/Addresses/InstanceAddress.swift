/// Where one server process listens: a host name or IP address, and a TCP port.
///
/// Two addresses are equal when host and port are; whether two *different* addresses name the same server is known
/// only to the fleet (``Fleet/canonical(_:)``), which has asked the servers.
public struct InstanceAddress: Hashable, Sendable {
    /// The port of the MySQL protocol when nothing else is said (IANA, and every MySQL and MariaDB release).
    public static let defaultPort: UInt16 = 3306

    /// Host name in lower case, or an IP address; IPv6 without brackets and in its canonical form.
    public let host: String
    /// The TCP port; 3306 where nobody named one.
    public let port: UInt16

    /// Makes an address from parts that are known to be good, for example a resolved name.
    ///
    /// The host is put in lower case, because DNS does not distinguish (RFC 4343); an IPv6 address in the form of
    /// RFC 5952, so that equal addresses compare equal.
    public init(host: String, port: UInt16 = InstanceAddress.defaultPort) {
        self.host = Self.normalized(host)
        self.port = port
    }

    private static func normalized(_ host: String) -> String {
        var hasUpperCase = false
        var hasColon = false
        for byte in host.utf8 {
            if byte == UInt8(ascii: ":") { hasColon = true }
            if byte >= 0x80 || (byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z")) { hasUpperCase = true }
        }
        if hasColon {
            let bare = host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
            if let address = IPv6Address(bare) { return address.description }
        }
        return hasUpperCase ? host.lowercased() : host
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
        host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
}

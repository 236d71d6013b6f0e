import Topology

/// Says which addresses to leave alone: an IP address that must equal the host, or else a regular expression that is
/// searched in `host:port` (as orchestrator's filters do).
public enum AddressFilter: Sendable, Hashable {
    case address(host: String)
    case pattern(AddressPattern)

    /// Reads a filter as it is written in the configuration.
    ///
    /// - Throws: ``AddressPatternError`` where the text is neither an IP address nor a regular expression.
    public init(_ text: String) throws(AddressPatternError) {
        if IPAddressText.isAddress(text) {
            self = .address(host: text.lowercased())
        } else {
            self = .pattern(try AddressPattern(text))
        }
    }

    /// The filter as it is written in the configuration.
    public var text: String {
        switch self {
        case .address(let host): host
        case .pattern(let pattern): pattern.text
        }
    }

    /// Whether the filter takes in this address: its host alone, or the pattern found in `host:port`.
    public func matches(_ address: InstanceAddress) -> Bool {
        switch self {
        case .address(let host): address.host == host
        case .pattern(let pattern): pattern.isFound(in: address)
        }
    }
}

extension Array where Element == AddressFilter {
    func match(_ address: InstanceAddress) -> Bool {
        contains { $0.matches(address) }
    }
}

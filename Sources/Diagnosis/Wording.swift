import Topology

/// The addresses in a sentence: up to three, then how many more.
func listed(_ addresses: [InstanceAddress]) -> String {
    let shown = addresses.prefix(3).map(\.description)
    guard addresses.count > shown.count else { return shown.joined(separator: ", ") }
    return shown.joined(separator: ", ") + " and \(addresses.count - shown.count) more"
}

extension ReplicationChannel {
    /// The channel in a sentence: nothing for the default one.
    var phrase: String { name.isEmpty ? "" : " on channel `\(name)`" }
}

extension ReplicationError {
    /// Number and text, as evidence.
    var line: String { "error \(code): \(message)" }
}

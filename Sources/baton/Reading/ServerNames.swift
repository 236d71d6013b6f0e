import Topology

/// A server that a command line named, found.
struct NamedServer: Hashable {
    let address: InstanceAddress
    /// What the name was taken for, where no server is known by it and it might have been meant as an alias.
    let assumption: String?
}

/// Finds servers by the names that people give them: their addresses, and their aliases.
struct ServerNames {
    /// The servers that are known.
    let fleet: Fleet

    /// The server that is meant: the one of that address, or else the one with that alias, or else the address itself.
    ///
    /// - Throws: ``CommandFailure`` where several servers have the alias, and where the name is no address either.
    func server(_ argument: ServerArgument) throws -> NamedServer {
        if case .success(let address) = argument.reading, !argument.mayBeAlias || isKnown(address) {
            return NamedServer(address: address, assumption: nil)
        }
        if let instance = try instance(aliased: argument.text) {
            return NamedServer(address: instance.address, assumption: nil)
        }
        switch argument.reading {
        case .success(let address):
            return NamedServer(
                address: address,
                assumption: "\"\(argument.text)\" was taken for a host name: no known server has this alias")
        case .failure(let error):
            // orchestrator runs a command once for each of several; here a group is one plan.
            let several =
                argument.text.contains(",")
                ? "; name one server, `baton relocate-replicas` and --only move several at once" : ""
            throw CommandFailure(.usage, "\(error); nor is it the alias of a known server\(several)")
        }
    }

    /// The one server of that alias, `nil` where there is none. Upper and lower case are told apart only where that is
    /// needed.
    ///
    /// - Throws: ``CommandFailure`` that names the candidates where there are several.
    func instance(aliased name: String) throws -> Instance? {
        let candidates = Self.named(name, among: fleet.instances) { $0.alias }
        guard candidates.count > 1 else { return candidates.first }
        let addresses = candidates.map(\.address).sorted().map(\.description).joined(separator: ", ")
        throw CommandFailure(
            .negative,
            "the alias \"\(name.sanitized)\" is not one server's: \(addresses) have it; name the server by its address")
    }

    /// Those that are called exactly so, or else those for whose name only the case was mistaken.
    static func named<Element>(
        _ name: String, among elements: some Sequence<Element>, by label: (Element) -> String?
    ) -> [Element] {
        let folded = name.lowercased()
        let near = elements.filter { label($0)?.lowercased() == folded }
        let exact = near.filter { label($0) == name }
        return exact.isEmpty ? near : exact
    }

    /// Whether a server is known there, be it only as the source that a replica names.
    private func isKnown(_ address: InstanceAddress) -> Bool {
        fleet[address] != nil || !fleet.replicas(of: address).isEmpty
    }
}

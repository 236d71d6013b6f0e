import Settings
import Topology

/// How servers and clusters are named by a person: by alias as well as by address.
extension ConsoleModel {
    /// The server that is meant, by the rules of the command line: the one of that address, or else of that alias; and
    /// the one on that host where only one is known there.
    ///
    /// - Throws: that none or several are meant, with the nearest name that there is.
    func server(named text: String) throws(CommandMistake) -> InstanceAddress {
        if let known = try knownServer(text) { return known }
        let address: InstanceAddress
        do throws(InstanceAddress.ParsingError) {
            address = try InstanceAddress(parsing: text)
        } catch {
            let hint = hint(forServer: text)
            throw CommandMistake(
                sentence: hint.isEmpty ? error.description : "\(text.sanitized) is not known here\(hint)")
        }
        let onHost = known.fleet.addresses.filter { $0.host == address.host }
        if onHost.count == 1, text.lowercased() == address.host.lowercased() { return onHost[0] }
        throw CommandMistake(sentence: "\(text.sanitized) is not known here\(hint(forServer: text))")
    }

    /// The server of that address or alias; `nil` where none is known. Upper and lower case of aliases are told apart only
    /// where that is needed.
    ///
    /// - Throws: that several have the alias.
    func knownServer(_ text: String) throws(CommandMistake) -> InstanceAddress? {
        if let address = try? InstanceAddress(parsing: text), known.cluster(of: address) != nil {
            return known.fleet.canonical(address)
        }
        let wanted = text.lowercased()
        let near = known.fleet.instances.filter { $0.alias?.lowercased() == wanted }
        let exact = near.filter { $0.alias == text }
        let found = (exact.isEmpty ? near : exact).map(\.address)
        guard found.count > 1 else { return found.first }
        let list = found.sorted().prefix(3).map(\.description).joined(separator: ", ")
        throw CommandMistake(sentence: "\(text.sanitized) is the alias of \(found.count) servers: \(list); name one")
    }

    /// The cluster that is meant: by name, by a member, or by an unambiguous beginning of its name.
    ///
    /// - Throws: that none or several are meant, with the nearest name that there is.
    func cluster(named text: String) throws(CommandMistake) -> Cluster {
        if let named = known.clusters.first(where: { $0.name == text }) { return named }
        if let member = try? server(named: text), let cluster = known.cluster(of: member) { return cluster }
        let begun = known.clusters.filter { $0.name.hasPrefix(text) }
        if begun.count == 1 { return begun[0] }
        if begun.count > 1 {
            let list = begun.prefix(3).map(\.name.sanitized).joined(separator: ", ")
            throw CommandMistake(sentence: "\(text.sanitized) could be \(list)\(begun.count > 3 ? ", …" : "")")
        }
        let hint = Suggestion.hint(for: text, among: known.clusters.map(\.name) + serverNames(like: text))
        throw CommandMistake(sentence: "there is no cluster \(text.sanitized)\(hint.sanitized)")
    }

    private func hint(forServer text: String) -> String {
        Suggestion.hint(for: text, among: serverNames(like: text)).sanitized
    }

    /// Every name that a server could be called by, in the form of the one that was typed: with a port, or without.
    private func serverNames(like text: String) -> [String] {
        let addresses = known.fleet.addresses.map { text.contains(":") ? $0.description : $0.host }
        return Array(Set(addresses)) + known.fleet.instances.compactMap(\.alias)
    }

    /// The names with which a command can go on after `text`, for completion.
    func names(of subject: ConsoleCommand.Subject, beginning text: String) -> [String] {
        var names = known.fleet.addresses.map(\.description) + known.fleet.instances.compactMap(\.alias)
        if subject == .cluster { names += known.clusters.map(\.name) }
        return names.filter { $0.hasPrefix(text) }
    }
}

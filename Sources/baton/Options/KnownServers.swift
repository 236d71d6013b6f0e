import ArgumentParser
import Topology

extension CompletionKind {
    /// The addresses and aliases of the servers that the store knows.
    static var knownServers: CompletionKind {
        .custom { words, _, prefix in await KnownServers.complete(prefix, in: words) }
    }
}

/// Completes names of servers in a shell.
enum KnownServers {
    /// The known addresses and aliases that begin with `prefix`; none where the store cannot be read, because a shell has no place
    /// for complaints.
    static func complete(_ prefix: String, in words: [String]) async -> [String] {
        var global = GlobalOptions()
        global.configurationFile = value(of: "--config", in: words)
        var choice = StoreOptions()
        choice.path = value(of: "--store", in: words)
        guard let configuration = try? global.configuration(),
            let fleet = await StoreAccess.knownFleet(choice, configuration)
        else { return [] }
        // A shell would take an alias with a blank in it for two words.
        let aliases = fleet.instances.compactMap(\.alias).filter { !$0.contains { $0.isWhitespace } }
        let names = fleet.addresses.sorted().map(\.description) + Set(aliases).sorted()
        return names.filter { $0.hasPrefix(prefix) }
    }

    private static func value(of option: String, in words: [String]) -> String? {
        guard let index = words.firstIndex(of: option), index + 1 < words.endIndex else { return nil }
        return words[index + 1]
    }
}

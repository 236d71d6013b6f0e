import ArgumentParser
import Foundation
import Storage
import Topology

extension CompletionKind {
    /// The servers that the store knows.
    static var knownServers: CompletionKind {
        .custom { words, _, prefix in await KnownServers.complete(prefix, in: words) }
    }
}

/// Completes addresses of servers in a shell.
enum KnownServers {
    /// The known addresses that begin with `prefix`; none where the store cannot be read, because a shell has no place
    /// for complaints.
    static func complete(_ prefix: String, in words: [String]) async -> [String] {
        var global = GlobalOptions()
        global.configurationFile = value(of: "--config", in: words)
        var choice = StoreOptions()
        choice.path = value(of: "--store", in: words)
        guard let configuration = try? global.configuration(),
            let path = try? StoreAccess.path(choice, configuration), FileManager.default.fileExists(atPath: path),
            let store = try? await StoreAccess.open(choice, configuration),
            let fleet = try? await store.loadFleet().fleet
        else { return [] }
        return fleet.addresses.sorted().map(\.description).filter { $0.hasPrefix(prefix) }
    }

    private static func value(of option: String, in words: [String]) -> String? {
        guard let index = words.firstIndex(of: option), index + 1 < words.endIndex else { return nil }
        return words[index + 1]
    }
}

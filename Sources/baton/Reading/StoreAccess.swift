import Foundation
import Storage
import Topology

/// The store that a command was told to use.
enum StoreAccess {
    /// The store's path: the command line's, the configuration's, or the usual one.
    static func path(_ options: StoreOptions, _ configuration: Configuration) throws -> String {
        if let path = options.path ?? configuration.store.path { return NSString(string: path).expandingTildeInPath }
        do {
            return try StoreFile.defaultPath(environment: ProcessInfo.processInfo.environment)
        } catch {
            throw CommandFailure(.store, "\(error)")
        }
    }

    /// Opens the store.
    ///
    /// - Throws: ``CommandFailure`` that says what is wrong with the file and what to do.
    static func open(_ options: StoreOptions, _ configuration: Configuration) async throws -> Store {
        let path = try path(options, configuration)
        do {
            return try await Store.open(at: path)
        } catch {
            throw CommandFailure(.store, "\(error)")
        }
    }
}

extension Store {
    /// Adds what a crawl found to the last known fleet.
    ///
    /// - Throws: ``CommandFailure`` where another process writes this store now, and for what goes wrong in it.
    func merge(_ found: Fleet, at now: Timestamp) async throws {
        do {
            switch try await acquireLease(.current(), now: now) {
            case .heldBy(let holder, _):
                throw CommandFailure(
                    .store,
                    "nothing was kept: \(holder) is running baton on the store \(path) and writes it; "
                        + "discover the server there (:discover), or name another store with --store")
            case .held(let lease):
                let known = try await loadFleet().fleet
                var merged = known
                for instance in found.instances { merged.update(instance) }
                for (name, address) in found.knownNames { merged.addName(name, of: address) }
                try await record(FleetChange(from: known, to: merged, at: now), under: lease)
                try await releaseLease(lease)
            }
        } catch let error as StoreError {
            throw CommandFailure(.store, "\(error)")
        }
    }
}

import Foundation
import Servers
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

    /// Opens the store, and makes it where there is none.
    ///
    /// - Throws: ``CommandFailure`` that says what is wrong with the file and what to do.
    static func open(
        _ options: StoreOptions, _ configuration: Configuration, mentionsOpen: Bool = true
    ) async throws -> Store {
        let path = try path(options, configuration)
        let store: Store
        do {
            store = try await Store.open(at: path)
        } catch {
            throw CommandFailure(.store, "\(error)")
        }
        if mentionsOpen { await mentionOpenOperations(of: store) }
        return store
    }

    /// Says which operations did not come to their end, so that nobody has to look for them. Where that can't be read,
    /// what the command is about tells it.
    private static func mentionOpenOperations(of store: Store) async {
        let open = (try? await store.openOperations(now: .now())) ?? []
        for operation in open.suffix(3) {
            Answer.remark(
                "operation \(operation.id) did not come to its end (\(operation.intent)): baton operations show "
                    + "\(operation.id)")
        }
        if open.count > 3 { Answer.remark("\(open.count - 3) more are open: baton operations list --open") }
    }

    /// Opens the store for a command that only reads or takes from it: nothing is made that is not there.
    ///
    /// - Returns: `nil` where none is in the usual place yet: that is an empty memory.
    /// - Throws: ``CommandFailure``, also where there is no store in a place that somebody named: it may be mistyped.
    static func openExisting(
        _ options: StoreOptions, _ configuration: Configuration, mentionsOpen: Bool = true
    ) async throws -> Store? {
        let path = try path(options, configuration)
        let store: Store?
        do {
            store = try await Store.openExisting(at: path)
        } catch {
            throw CommandFailure(.store, "\(error)")
        }
        let isNamed = options.path != nil || configuration.store.path != nil
        if store == nil, isNamed {
            throw CommandFailure(
                .store,
                "there is no store \(path.sanitized): check the path, or make it there with baton discover SERVER")
        }
        if let store, mentionsOpen { await mentionOpenOperations(of: store) }
        return store
    }

    /// The last known fleet, every contact a memory; `nil` where there is no store or it can't be read, which is no
    /// trouble to somebody who asks servers. Nothing is made that is not there.
    static func knownFleet(_ options: StoreOptions, _ configuration: Configuration) async -> Fleet? {
        guard let store = try? await openExisting(options, configuration, mentionsOpen: false) else { return nil }
        defer { try? store.close() }
        return try? await store.loadFleet().remembered
    }

    /// What operators say about the servers of a fleet; nothing where there is no store or it can't be read, which is no
    /// trouble to somebody who asks servers.
    static func marks(in fleet: Fleet, _ options: StoreOptions, _ configuration: Configuration) async -> OperatorMarks {
        guard let store = try? await openExisting(options, configuration, mentionsOpen: false) else {
            return OperatorMarks()
        }
        defer { try? store.close() }
        return (try? await store.operatorMarks(in: fleet, now: .now())) ?? OperatorMarks()
    }

    /// Finds servers that are about to be asked by the names that the store knows them by.
    ///
    /// - Throws: ``CommandFailure``; see ``ServerNames/server(_:)``.
    static func find(
        _ servers: [ServerArgument], _ options: StoreOptions, _ configuration: Configuration
    ) async throws -> [NamedServer] {
        let needsStore = servers.contains(where: \.mayBeAlias)
        let fleet = needsStore ? await knownFleet(options, configuration) : nil
        return try servers.map(ServerNames(fleet: fleet ?? Fleet()).server)
    }
}

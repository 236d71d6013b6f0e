import Discovery
import Engine
import Storage
import Topology

/// A console on a running engine.
public struct LiveBackend: ConsoleBackend {
    let engine: Engine
    private let readEvents: @Sendable () async -> [Event]
    private let save: @Sendable (Fleet, String) async throws -> Void
    private let write: @Sendable (String, String) async throws -> Void

    /// Makes a backend on an engine that someone else runs.
    ///
    /// - Parameters:
    ///   - readEvents: reads the newest events of the store, oldest first.
    ///   - save: writes a fleet to a snapshot file.
    ///   - write: writes a text to a file that is not there yet.
    public init(
        _ engine: Engine,
        readEvents: @escaping @Sendable () async -> [Event] = { [] },
        save: @escaping @Sendable (Fleet, String) async throws -> Void,
        write: @escaping @Sendable (_ text: String, _ path: String) async throws -> Void
    ) {
        self.engine = engine
        self.readEvents = readEvents
        self.save = save
        self.write = write
    }

    public func updates() async -> AsyncStream<EngineUpdate> { await engine.updates() }

    public func pastEvents() async -> [Event] { await readEvents() }

    public func perform(_ wish: ConsoleEffect) async -> Notice? {
        switch wish {
        case .refreshAll:
            await engine.refreshAll()
            return nil
        case .stoodStill:
            await engine.stoodStill()
            return nil
        case .discover(let address): return Self.notice(await engine.discover(address), of: address)
        case .forget(let address): return Self.notice(await engine.forget(address), of: address)
        case .mark(let address, let words): return await marking(address, words)
        case .save(let path):
            guard let fleet = await latestFleet() else { return Notice(.refused, "nothing is known yet to be saved") }
            return await saving(fleet, path: path, with: save)
        case .write(let files): return await writing(files)
        case .acknowledge(let id, let reason): return await acknowledging(id, reason)
        case .givePassword(let password):
            engine.desk.giveReplicationPassword(password.text)
            return Notice(.done, "plans use that password from now on, until this baton ends; it is written nowhere")
        case .quit, .suspend, .redraw, .discardTypeAhead, .readEvents, .look, .plan, .act, .stop, .readOperations,
            .readOperation, .readRecoveries, .checkReadiness, .setMouse:
            return nil
        }
    }

    /// Writes the files one after the other and tells of all of them.
    private func writing(_ files: [TextFile]) async -> Notice {
        var written: [String] = []
        for file in files {
            do {
                try await write(file.text, file.path)
                written.append(file.path.sanitized)
            } catch {
                let before = written.isEmpty ? "" : " (\(written.joined(separator: " and ")) was)"
                return Notice(.refused, "\(file.path.sanitized) was not written\(before): \(error)")
            }
        }
        return Notice(.done, "written to \(written.joined(separator: " and "))")
    }

    private func latestFleet() async -> Fleet? {
        for await update in await engine.updates() { return update.fleet }
        return nil
    }

    private static func notice(_ answer: DiscoverAnswer, of address: InstanceAddress) -> Notice {
        switch answer {
        case .watching: Notice(.done, "\(address) is asked now")
        case .known(let name): Notice(.done, "\(address) is watched already, as \(name)")
        case .ignored: Notice(.refused, "\(address) is left alone by a filter of the configuration")
        }
    }

    private static func notice(_ answer: ForgetAnswer, of address: InstanceAddress) -> Notice {
        switch answer {
        case .forgotten(let name, _): Notice(.done, "\(name) is forgotten")
        case .unknown: Notice(.refused, "\(address) is not known here")
        }
    }
}

/// A console on a fleet that does not change: a snapshot file.
public struct FixedBackend: ConsoleBackend {
    private let update: EngineUpdate
    private let save: @Sendable (Fleet, String) async throws -> Void

    /// Makes a backend that shows one fleet.
    public init(_ update: EngineUpdate, save: @escaping @Sendable (Fleet, String) async throws -> Void) {
        self.update = update
        self.save = save
    }

    public func updates() async -> AsyncStream<EngineUpdate> {
        AsyncStream { continuation in
            continuation.yield(update)
            continuation.finish()
        }
    }

    public func pastEvents() async -> [Event] { [] }

    public func perform(_ wish: ConsoleEffect) async -> Notice? {
        guard case .save(let path) = wish else { return nil }
        return await saving(update.fleet, path: path, with: save)
    }
}

/// Writes a snapshot and tells how it went.
private func saving(
    _ fleet: Fleet, path: String, with save: @Sendable (Fleet, String) async throws -> Void
) async -> Notice {
    do {
        try await save(fleet, path)
        return Notice(.done, "the fleet was written to \(path.sanitized)")
    } catch {
        return Notice(.refused, "the fleet was not written: \(error)")
    }
}

import ArgumentParser
import Console
import Curses
import Diagnosis
import Engine
import Foundation
import Logging
import Servers
import Settings
import Storage
import TerminalKit
import Topology

/// `baton console`: the live console; what baton does when no command is named.
struct ConsoleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "console",
        abstract: "Watch replication topologies in the terminal (the default command).",
        discussion: """
            Given servers, crawls from them and watches all that is found; given none, watches the servers that the \
            store knows and the seeds of the configuration.
            """
    )

    @Argument(
        help: "Servers to start from: host, host:port, [ipv6]:port, or the alias of a server that the store knows.")
    var servers: [ServerArgument] = []
    @Option(
        help: ArgumentHelp("Show this fleet snapshot file instead of servers.", valueName: "file"),
        completion: .file(extensions: ["json"]))
    var snapshot: String?
    @OptionGroup(title: "How it looks") var look: LookOptions
    @OptionGroup var global: GlobalOptions
    @OptionGroup(title: "Logging in") var access: AccessOptions
    @OptionGroup var store: StoreOptions

    func validate() throws {
        if snapshot != nil, !servers.isEmpty {
            throw ValidationError("--snapshot shows a file in place of servers: name one or the other")
        }
    }

    func run() async throws {
        let configuration = try global.configuration()
        if let snapshot {
            let reading = try SnapshotFile.reading(snapshot, limits: configuration.limits)
            try await show(configuration, notice: nil) { _ in FixedBackend(reading.update, save: Self.save) }
        } else {
            try await watch(configuration)
        }
    }

    /// Watches servers, with what the store remembers of them on the screen before the first one answers.
    private func watch(_ configuration: Configuration) async throws {
        try refuseWithoutTerminal()
        let named = try await StoreAccess.find(servers, store, configuration).map(\.address)
        let book = try AccessBook(access, configuration)
        let (store, notice) = await openStore(configuration)
        defer { try? store?.close() }
        var settings = EngineConfiguration(
            seeds: named.isEmpty ? configuration.seeds : named,
            discovery: configuration.discovery)
        settings.limits = configuration.limits
        let engine = Engine(
            settings, recorder: store.map { StoreRecorder($0, policy: configuration.store.policy) },
            desk: Self.desk(store, book, configuration, global), makeProber: book.prober(for:))
        let running = Task { await engine.run() }
        defer { running.cancel() }
        do {
            let authority = ConsoleAuthority(
                objection: engine.desk.objectionToActing, policy: engine.desk.settings.readOnly)
            try await show(configuration, notice: notice, authority: authority) { _ in
                LiveBackend(
                    engine, readEvents: { await Self.events(of: store) }, save: Self.save, write: Self.write)
            }
        } catch {
            running.cancel()
            await running.value
            throw error
        }
        // What was seen last is still to be written.
        running.cancel()
        await running.value
    }

    private static func desk(
        _ store: Store?, _ book: AccessBook, _ configuration: Configuration, _ global: GlobalOptions
    ) -> OperationDesk {
        let settings = configuration.operating(isReadOnly: global.isReadOnly)
        guard let store else { return OperationDesk(settings, lookingOnly: "the store cannot be opened") }
        return OperationDesk(settings, store: store, book: book, configuration)
    }

    /// The store, or why the console has to do without: a console that watches is worth more than one that refuses.
    private func openStore(_ configuration: Configuration) async -> (Store?, Notice?) {
        do {
            return (try await StoreAccess.open(store, configuration), nil)
        } catch {
            return (nil, Notice(.refused, "nothing will be remembered: \(error)"))
        }
    }

    private func refuseWithoutTerminal() throws {
        guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 else {
            throw CommandFailure(.terminal, "\(TerminalRefusal.notATerminal)")
        }
    }

    /// Runs the console on the terminal until it ends.
    private func show(
        _ configuration: Configuration, notice: Notice?, authority: ConsoleAuthority = ConsoleAuthority(),
        backend: (any Terminal) -> any ConsoleBackend
    ) async throws {
        let theme = look.theme(configuration)
        let keymap = look.keymap(configuration)
        let problems = theme.problems + keymap.problems
        // In full on the shell's own screen, where they are found again after the console; the first one inside too.
        for problem in problems { Answer.remark("baton: \(problem)") }
        let refused = problems.first.map { Notice(.refused, "\($0)") }
        let terminal: TerminalSession
        do {
            terminal = try await TerminalSession.open(
                TerminalSession.Options(
                    depth: look.colors, unicode: look.ascii ? false : nil,
                    errorLog: try? StateFolder.path(of: "console.log"),
                    crashNotice: StateFolder.crashNotice))
        } catch {
            throw CommandFailure(.terminal, "\(error)")
        }
        let session = ConsoleSession(
            backend: backend(terminal), terminal: terminal,
            palette: theme.theme.palette(
                depth: terminal.capabilities.depth, unicode: terminal.capabilities.unicode),
            state: ConsoleState(
                size: terminal.size, keymap: keymap.keymap, notice: refused ?? notice, authority: authority,
                recoveries: configuration.recoveryPolicies, isMouseOn: look.mouse || configuration.console.takesMouse),
            time: {
                let now = Timestamp.now()
                return (now, .ofThisPlace(at: now))
            })
        switch await session.run() {
        case .quit, .cancelled: return
        case .hungUp: throw ExitCode(128 + SIGHUP)
        case .terminated(.terminate): throw ExitCode(128 + SIGTERM)
        case .terminated(.interrupt): throw ExitCode(128 + SIGINT)
        case .terminated(.hangUp): throw ExitCode(128 + SIGHUP)
        }
    }

    private static func events(of store: Store?) async -> [Event] {
        guard let store else { return [] }
        do {
            return try await store.events()
        } catch {
            return [Event(at: .now(), kind: .problemRaised, text: "the events of the past cannot be read: \(error)")]
        }
    }

    /// Writes a snapshot where no file is yet.
    private static func save(_ fleet: Fleet, to path: String) async throws {
        try await write(Snapshot(taken: .now(), fleet: fleet).text(), to: path)
    }

    /// Writes a text to a file that is not there yet.
    private static func write(_ text: String, to path: String) async throws {
        let expanded = NSString(string: path).expandingTildeInPath
        guard !FileManager.default.fileExists(atPath: expanded) else {
            throw CommandFailure(.usage, "\(path) exists and was left as it is")
        }
        try SnapshotFile.write(text, to: expanded)
    }
}

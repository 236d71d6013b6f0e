import ArgumentParser
import Engine
import Operations
import Refactoring
import Servers
import Storage
import Topology

/// `baton operations`: what was done, and what is to be decided.
struct OperationsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "operations",
        abstract: "Look at operations, and resume, take back or leave them.",
        discussion: """
            Every operation is written into the store before its first step: who, from where, when, why, and what became \
            of it. One that failed, was stopped, or was left behind by a baton that died is open: somebody has to decide \
            whether it is resumed, rolled back or left.
            """,
        subcommands: [List.self, Show.self, Resume.self, RollBack.self, Undo.self, Leave.self],
        defaultSubcommand: List.self)

    /// `baton operations list`.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Print the newest operations, newest first.")

        @Flag(name: .customLong("open"), help: "Only those for which somebody has to decide.")
        var isOpenOnly = false
        @Option(help: "How many at most.")
        var limit = 50
        @OptionGroup var output: FormatOption
        @OptionGroup var global: GlobalOptions
        @OptionGroup var store: StoreOptions

        func run() async throws {
            let configuration = try global.configuration()
            let records = try await records(configuration)
            let now = Timestamp.now()
            output.print(
                list: OperationsTable(records, now: now).lines,
                whenEmpty: isOpenOnly ? "no operation is open" : "no operations",
                json: .array(records.map { $0.json(now: now) }))
        }

        private func records(_ configuration: Configuration) async throws -> [OperationRecord] {
            guard let store = try await StoreAccess.openExisting(store, configuration, mentionsOpen: false) else {
                return []
            }
            defer { try? store.close() }
            if isOpenOnly { return try await store.openOperations(now: .now()).reversed() }
            return try await store.operations(limit: limit)
        }
    }

    /// `baton operations show`.
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print one operation: who, when, why, each step, and how it ended.")

        @Argument(help: "The operation's number.")
        var operation: Int64
        @OptionGroup var output: FormatOption
        @OptionGroup var global: GlobalOptions
        @OptionGroup var store: StoreOptions

        func run() async throws {
            let configuration = try global.configuration()
            let unknown = CommandFailure(OperationError.unknown(operation))
            guard let store = try await StoreAccess.openExisting(store, configuration, mentionsOpen: false) else {
                throw unknown
            }
            defer { try? store.close() }
            let found: JournaledOperation?
            do throws(OperationError) {
                found = try await StoreJournal(store).operation(operation)
            } catch {
                throw CommandFailure(error)
            }
            guard let found else { throw unknown }
            // In the dialects of the servers, where the store knows them.
            let fleet = try await store.loadFleet().fleet
            let document = try PlanDocument(found.plan, on: fleet)
            let now = Timestamp.now()
            let isOpen = try await store.openOperations(now: now).contains { $0.id == operation }
            try output.print(
                lines: found.record.lines(document, isOpen: isOpen, now: now),
                json: .object(found.record.members(now: now) + [JSON.Member("plan", try JSON(encoding: document))]))
        }
    }

    /// `baton operations leave`.
    struct Leave: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Leave things as an open operation left them, and ask no more about it.")

        @Argument(help: "The operation's number.")
        var operation: Int64
        @Option(help: ArgumentHelp("Why, for the journal.", valueName: "text"))
        var reason = ""
        @OptionGroup var global: GlobalOptions
        @OptionGroup var store: StoreOptions

        func run() async throws {
            let configuration = try global.configuration()
            guard let store = try await StoreAccess.openExisting(store, configuration, mentionsOpen: false) else {
                throw CommandFailure(OperationError.unknown(operation))
            }
            defer { try? store.close() }
            let desk = OperationDesk(configuration.operating(isReadOnly: global.isReadOnly), store: store) {
                LiveServers { _ in ConnectionSettings(credentials: Credentials(user: "")) }
            }
            do throws(OperationError) {
                try await desk.leave(operation, reason: reason)
            } catch {
                throw CommandFailure(error)
            }
            Answer.print(line: "operation \(operation) is left as it is")
        }
    }
}

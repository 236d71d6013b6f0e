import ArgumentParser
import Engine
import Refactoring
import Topology

/// What becomes of semi-sync where a server gets another role.
struct SemiSyncRole: ParsableArguments {
    @Flag(name: .customLong("semi-sync"), help: "Let both sides of semi-synchronous replication follow the role.")
    var followsRole = false

    var handling: SemiSyncHandling { followsRole ? .follow : .leave }
}

/// `baton set-read-only`.
struct SetReadOnlyCommand: ServerCommand {
    static let configuration = CommandConfiguration(
        commandName: "set-read-only",
        abstract: "Let nobody but replication write on a server.",
        usage: "baton set-read-only SERVER [OPTION…]",
        discussion: "With super_read_only where the server has it.")

    @OptionGroup var arguments: OperatedServer
    @OptionGroup var semiSync: SemiSyncRole
    @OptionGroup(title: "Asking and running") var options: OperationOptions

    func wish(_ server: InstanceAddress) -> Wish {
        .operation(.setReadOnly(server, semiSync: semiSync.handling))
    }
}

/// `baton set-writable`.
struct SetWritableCommand: ServerCommand {
    static let configuration = CommandConfiguration(
        commandName: "set-writable",
        abstract: "Let every account write on a server.",
        usage: "baton set-writable SERVER [OPTION…]")

    @OptionGroup var arguments: OperatedServer
    @OptionGroup var semiSync: SemiSyncRole
    @OptionGroup(title: "Asking and running") var options: OperationOptions

    func wish(_ server: InstanceAddress) -> Wish {
        .operation(.setWritable(server, semiSync: semiSync.handling))
    }
}

/// `baton gtid-errant-inject-empty`.
struct InjectErrantCommand: ServerCommand {
    static let configuration = CommandConfiguration(
        commandName: "gtid-errant-inject-empty",
        abstract: "Put empty transactions under a replica's errant GTIDs on its primary.",
        usage: "baton gtid-errant-inject-empty REPLICA [OPTION…]",
        discussion: "The GTIDs then differ no more; the data still do. MySQL only.")

    @OptionGroup var arguments: OperatedServer
    @OptionGroup(title: "Asking and running") var options: OperationOptions

    func wish(_ server: InstanceAddress) -> Wish { .operation(.injectErrant(server)) }
}

/// `baton gtid-errant-reset`.
struct ResetErrantCommand: ServerCommand {
    static let configuration = CommandConfiguration(
        commandName: "gtid-errant-reset",
        abstract: "Make a replica's binary logs anew, without its errant GTIDs.",
        usage: "baton gtid-errant-reset REPLICA [OPTION…]",
        discussion: "The data still differ. Only for a replica that has no replicas of its own. MySQL only.")

    @OptionGroup var arguments: OperatedServer
    @OptionGroup(title: "Asking and running") var options: OperationOptions

    func wish(_ server: InstanceAddress) -> Wish { .operation(.resetErrant(server)) }
}

/// `baton flush-binary-logs`.
struct FlushBinaryLogsCommand: ServerCommand {
    static let configuration = CommandConfiguration(
        commandName: "flush-binary-logs",
        abstract: "Begin a new binary log.",
        usage: "baton flush-binary-logs SERVER [OPTION…]")

    @OptionGroup var arguments: OperatedServer
    @OptionGroup(title: "Asking and running") var options: OperationOptions

    func wish(_ server: InstanceAddress) -> Wish { .operation(.flushBinaryLogs(server)) }
}

/// `baton purge-binary-logs`.
struct PurgeBinaryLogsCommand: ServerCommand {
    static let configuration = CommandConfiguration(
        commandName: "purge-binary-logs",
        abstract: "Remove the binary logs before a file.",
        usage: "baton purge-binary-logs SERVER --to FILE [OPTION…]",
        discussion: "Refused while a replica needs one of them.")

    @OptionGroup var arguments: OperatedServer
    @Option(
        name: [.customLong("to"), .customShort("n"), .customLong("binlog")],
        help: ArgumentHelp("The first file that stays.", valueName: "file"))
    var file: String
    @OptionGroup(title: "Asking and running") var options: OperationOptions

    func wish(_ server: InstanceAddress) -> Wish { .operation(.purgeBinaryLogs(server, to: file)) }
}

/// `baton kill-query`.
struct KillQueryCommand: ServerCommand {
    static let configuration = CommandConfiguration(
        commandName: "kill-query",
        abstract: "End the query of a connection, which itself goes on.",
        usage: "baton kill-query SERVER --connection NUMBER [OPTION…]")

    @OptionGroup var arguments: OperatedServer
    @Option(
        name: [.customLong("connection"), .customLong("query")],
        help: "The number of the connection in the process list.")
    var connection: UInt64
    @OptionGroup(title: "Asking and running") var options: OperationOptions

    func wish(_ server: InstanceAddress) -> Wish { .operation(.killQuery(server, connection: connection)) }
}

/// `baton set-semi-sync`.
struct SetSemiSyncCommand: ServerCommand {
    static let configuration = CommandConfiguration(
        commandName: "set-semi-sync",
        abstract: "Switch a side of semi-synchronous replication on or off.",
        usage: "baton set-semi-sync SERVER --side source|replica --on|--off [OPTION…]",
        discussion: "A replica whose side is switched connects to its source anew.")

    @OptionGroup var arguments: OperatedServer
    @Option(help: "The side: that of a source, or that of a replica.")
    var side: SemiSyncSide
    @Flag(help: "Which way.")
    var state: Switch
    @OptionGroup(title: "Asking and running") var options: OperationOptions

    /// On or off.
    enum Switch: String, EnumerableFlag {
        case on
        case off
    }

    func wish(_ server: InstanceAddress) -> Wish {
        .operation(.setSemiSync(server, side, state == .on ? .on : .off))
    }
}

extension SemiSyncSide: ExpressibleByArgument {}

import Engine
import Refactoring
import Topology

/// A command that changes servers: its words are those of the command line, and it opens a plan.
struct WishForm: Sendable {
    /// What a command takes after its word.
    enum Arguments: Hashable, Sendable {
        case replica
        case server
        case replicaAndTarget
        case replicaAndOptionalTarget
        case serverAndTarget
        case replicaAndSeconds
        case serverAndFile
        case serverAndConnection
        case serverSideAndState

        var usage: String {
            switch self {
            case .replica: "REPLICA [CHANNEL]"
            case .server: "SERVER"
            case .replicaAndTarget: "REPLICA TARGET"
            case .replicaAndOptionalTarget: "REPLICA [TARGET]"
            case .serverAndTarget: "SERVER TARGET"
            case .replicaAndSeconds: "REPLICA SECONDS"
            case .serverAndFile: "SERVER FILE"
            case .serverAndConnection: "SERVER CONNECTION"
            case .serverSideAndState: "SERVER source|replica on|off"
            }
        }
    }

    let word: String
    let arguments: Arguments
    let summary: String
    let make: @Sendable (Given) throws(CommandMistake) -> Wish

    /// The arguments of a command, names resolved.
    struct Given {
        let word: String
        let texts: [String]
        let model: ConsoleModel

        func server(_ place: Int = 0) throws(CommandMistake) -> InstanceAddress {
            guard texts.indices.contains(place) else {
                throw CommandMistake(sentence: "\(word) needs \(place == 0 ? "a server" : "another server")")
            }
            return try model.server(named: texts[place])
        }

        /// The replica, with a channel where one is named after it.
        func replica(channelAt place: Int? = 1) throws(CommandMistake) -> ReplicaChannel {
            let channel = place.flatMap { texts.indices.contains($0) ? texts[$0] : nil }
            return ReplicaChannel(try server(), channel: channel)
        }

        func text(_ place: Int, _ what: String) throws(CommandMistake) -> String {
            guard texts.indices.contains(place) else { throw CommandMistake(sentence: "\(word) needs \(what)") }
            return texts[place]
        }

        func number(_ place: Int, _ what: String) throws(CommandMistake) -> UInt64 {
            let text = try text(place, what)
            guard let number = UInt64(text) else {
                throw CommandMistake(sentence: "\(word) needs \(what), and \(text.sanitized) is none")
            }
            return number
        }
    }

    /// The wish of a typed line.
    func wish(_ texts: [String], _ model: ConsoleModel) throws(CommandMistake) -> Wish {
        guard texts.count <= arguments.usage.split(separator: " ").count else {
            throw CommandMistake(sentence: "\(word) takes \(arguments.usage)")
        }
        return try make(Given(word: word, texts: texts, model: model))
    }
}

extension WishForm {
    /// Every command that changes servers, in the order of the help.
    static let all: [WishForm] = moves + operations

    private static func on(
        _ word: String, _ summary: String, _ make: @escaping @Sendable (ReplicaChannel) -> Wish
    ) -> WishForm {
        WishForm(word: word, arguments: .replica, summary: summary) { given throws(CommandMistake) in
            make(try given.replica())
        }
    }

    private static func to(
        _ word: String, _ summary: String, _ make: @escaping @Sendable (ReplicaChannel, InstanceAddress) -> Wish
    ) -> WishForm {
        WishForm(word: word, arguments: .replicaAndTarget, summary: summary) { given throws(CommandMistake) in
            make(try given.replica(channelAt: nil), try given.server(1))
        }
    }

    private static func server(
        _ word: String, _ summary: String, _ make: @escaping @Sendable (InstanceAddress) -> Wish
    ) -> WishForm {
        WishForm(word: word, arguments: .server, summary: summary) { given throws(CommandMistake) in
            make(try given.server())
        }
    }

    private static let moves: [WishForm] = [
        to("relocate", "move a replica below any server") { .move(.relocate($0, below: $1)) },
        to("relocate-subtree", "move a replica with all below it") { .move(.relocateSubtree($0, below: $1)) },
        WishForm(word: "relocate-replicas", arguments: .serverAndTarget, summary: "move all replicas of a server") {
            given throws(CommandMistake) in
            .move(.relocateReplicas(of: try given.server(), only: nil, below: try given.server(1)))
        },
        on("move-up", "move a replica below its source's source") { .move(.moveUp($0)) },
        server("move-up-replicas", "move all replicas of a server up") { .move(.moveUpReplicas(of: $0, only: nil)) },
        to("move-below", "move a replica below its sibling") { .move(.moveBelow($0, sibling: $1)) },
        WishForm(
            word: "repoint", arguments: .replicaAndOptionalTarget,
            summary: "connect a replica anew at its own place"
        ) { given throws(CommandMistake) in
            let target = given.texts.count > 1 ? try given.server(1) : nil
            return .move(.repoint(try given.replica(channelAt: nil), to: target))
        },
        server("repoint-replicas", "connect all replicas of a server anew") {
            .move(.repointReplicas(of: $0, only: nil))
        },
        on("take-source", "swap a replica with its source") { .move(.takeSource($0)) },
        on("take-siblings", "move a replica's siblings below it") { .move(.takeSiblings($0)) },
        server("regroup-replicas", "move a server's replicas below the best of them") { .move(.regroup(of: $0)) },
        on("make-co-primary", "let a replica's source follow it too") { .move(.makeCoPrimary($0)) },
        on("end-co-primary", "let a co-primary cease to follow its partner") { .move(.endCoPrimary($0)) },
        on("detach-replica", "make a replica's source unreachable, to be had back") { .move(.detach($0)) },
        on("reattach-replica", "take a detaching back") { .move(.reattach($0)) },
        on("enable-gtid", "let a replica find its place by GTID") { .move(.enableGTID($0)) },
        on("disable-gtid", "let a replica find its place by file and position") { .move(.disableGTID($0)) },
    ]

    private static let operations: [WishForm] = [
        on("start-replica", "start replication") { .operation(.startReplica($0)) },
        on("stop-replica", "stop replication") { .operation(.stopReplica($0)) },
        on("stop-replica-nice", "stop replication once all that was received is applied") {
            .operation(.stopReplicaNicely($0))
        },
        on("restart-replica", "stop and start replication") { .operation(.restartReplica($0)) },
        on("skip-query", "leave out the transaction on which the applier stopped") {
            .operation(.skipTransaction($0))
        },
        on("reset-replica", "make a server forget its source") { .operation(.resetReplica($0)) },
        server("set-read-only", "let nobody but replication write") {
            .operation(.setReadOnly($0, semiSync: .leave))
        },
        server("set-writable", "let every account write") { .operation(.setWritable($0, semiSync: .leave)) },
        WishForm(
            word: "set-semi-sync", arguments: .serverSideAndState,
            summary: "switch a side of semi-synchronous replication"
        ) { given throws(CommandMistake) in
            let side = try given.text(1, "a side: source or replica")
            let state = try given.text(2, "on or off")
            guard let side = SemiSyncSide(rawValue: side), let state = SwitchState(rawValue: state.uppercased()) else {
                throw CommandMistake(sentence: "set-semi-sync takes SERVER source|replica on|off")
            }
            return .operation(.setSemiSync(try given.server(), side, state))
        },
        WishForm(
            word: "delay-replication", arguments: .replicaAndSeconds, summary: "keep a replica that many seconds behind"
        ) { given throws(CommandMistake) in
            let seconds = min(try given.number(1, "whole seconds"), UInt64(Int32.max))
            return .operation(.delayReplication(try given.replica(channelAt: nil), .seconds(Int64(seconds))))
        },
        server("gtid-errant-inject-empty", "write empty transactions for errant GTIDs on the primary") {
            .operation(.injectErrant($0))
        },
        server("gtid-errant-reset", "make a replica's binary logs anew, without errant GTIDs") {
            .operation(.resetErrant($0))
        },
        server("flush-binary-logs", "begin a new binary log") { .operation(.flushBinaryLogs($0)) },
        WishForm(word: "purge-binary-logs", arguments: .serverAndFile, summary: "remove the binary logs before a file")
        {
            given throws(CommandMistake) in
            .operation(.purgeBinaryLogs(try given.server(), to: try given.text(1, "the first file to keep")))
        },
        WishForm(word: "kill-query", arguments: .serverAndConnection, summary: "end the query of a connection") {
            given throws(CommandMistake) in
            .operation(.killQuery(try given.server(), connection: try given.number(1, "the number of a connection")))
        },
    ]
}

import Engine
import Recovery
import Refactoring
import Settings
import Topology

extension WishForm {
    /// Every command that changes servers, in the order of the help.
    static let all: [WishForm] = moves + switchovers + operations

    /// As on the command line.
    private static let switchovers: [WishForm] = [
        WishForm(
            "switchover", .server, ["SERVER", "[REPLICA]"],
            [single, endSessions, lockWait, drain, leaveSiblings, stayStopped],
            "let the primary hand its writes over to a replica"
        ) { given throws(CommandMistake) in
            let server = try given.server()
            let kinds: [String: SessionKind] = [
                "transactions": .transactions(since: .zero), "privileged": .privileged, "clients": .clients,
            ]
            let word = given.words.value(endSessions.name) ?? "none"
            guard let ending = word == "none" ? .some(nil) : kinds[word].map(Optional.some) else {
                throw CommandMistake(
                    sentence: "\(endSessions.name) takes none, transactions, privileged or clients")
            }
            var policy = SwitchoverPolicy(
                ending: ending, siblings: given.has(leaveSiblings) ? .stay : .move,
                oldPrimary: given.has(stayStopped) ? .stopped : .replicates)
            if let time = try given.time(lockWait, wholeSeconds: true) { policy.lockWait = time }
            if let time = try given.time(drain, wholeSeconds: false) { policy.drain = time }
            let candidate: CandidateChoice =
                given.words.places.count > 1
                ? .named(try given.server(1))
                : given.has(single) ? .only : Switchover.candidate(under: server, in: given.model)
            return .switchover(Switchover(of: server, to: candidate, policy: policy))
        },
        WishForm(
            "rejoin", .server, ["SERVER"], [below, user],
            "let a primary that was given up come back as a replica"
        ) { given throws(CommandMistake) in
            let primary = try given.words.value(below.name).map { name throws(CommandMistake) in
                try given.model.server(named: name)
            }
            return .recovery(.rejoin(Rejoin(try given.server(), below: primary, user: given.words.value(user.name))))
        },
        server("fence", "let nobody write on a server any more, and end its clients' sessions") {
            .recovery(.fence($0))
        },
    ]

    private static func on(
        _ word: String, _ summary: String, by options: [WishWords.Option] = [],
        _ make: @escaping @Sendable (ReplicaChannel) -> Wish
    ) -> WishForm {
        WishForm(word, .replica, ["REPLICA"], [channel] + options, summary) { given throws(CommandMistake) in
            make(try given.replica)
        }
    }

    private static func to(
        _ word: String, _ summary: String, _ make: @escaping @Sendable (ReplicaChannel, InstanceAddress) -> Wish
    ) -> WishForm {
        WishForm(word, .replica, ["REPLICA", "TARGET"], [channel, method], summary, .begun("")) {
            given throws(CommandMistake) in
            make(try given.replica, try given.server(1))
        }
    }

    private static func server(
        _ word: String, _ summary: String, _ make: @escaping @Sendable (InstanceAddress) -> Wish
    ) -> WishForm {
        WishForm(word, .server, ["SERVER"], [], summary) { given throws(CommandMistake) in make(try given.server()) }
    }

    /// All replicas of a server, or some of them.
    private static func replicas(
        _ word: String, _ summary: String,
        _ make: @escaping @Sendable (InstanceAddress, Set<InstanceAddress>?) -> Wish
    ) -> WishForm {
        WishForm(word, .source, ["SOURCE"], [only, pattern], summary) { given throws(CommandMistake) in
            let source = try given.server()
            return make(source, try given.chosen(of: source))
        }
    }

    private static let moves: [WishForm] = [
        to("relocate", "move a replica below any server") { .move(.relocate($0, below: $1)) },
        to("relocate-subtree", "move a replica with all below it") { .move(.relocateSubtree($0, below: $1)) },
        WishForm(
            "relocate-replicas", .source, ["SOURCE", "TARGET"], [only, pattern, method],
            "move the replicas of a server below another", .begun("")
        ) { given throws(CommandMistake) in
            let source = try given.server()
            return .move(
                .relocateReplicas(of: source, only: try given.chosen(of: source), below: try given.server(1)))
        },
        on("move-up", "move a replica below its source's source", by: [method]) { .move(.moveUp($0)) },
        replicas("move-up-replicas", "move the replicas of a server up") { .move(.moveUpReplicas(of: $0, only: $1)) },
        to("move-below", "move a replica below its sibling") { .move(.moveBelow($0, sibling: $1)) },
        WishForm(
            "repoint", .replica, ["REPLICA", "[TARGET]"], [channel], "connect a replica anew at its own place"
        ) { given throws(CommandMistake) in
            .move(.repoint(try given.replica, to: given.words.places.count > 1 ? try given.server(1) : nil))
        },
        replicas("repoint-replicas", "connect the replicas of a server anew") {
            .move(.repointReplicas(of: $0, only: $1))
        },
        on("take-source", "swap a replica with its source") { .move(.takeSource($0)) },
        on("take-siblings", "move a replica's siblings below it") { .move(.takeSiblings($0)) },
        WishForm(
            "regroup-replicas", .source, ["SOURCE"], [method], "move a server's replicas below the best of them"
        ) { given throws(CommandMistake) in .move(.regroup(of: try given.server())) },
        on("make-co-primary", "let a replica's source follow it too") { .move(.makeCoPrimary($0)) },
        on("end-co-primary", "let a co-primary cease to follow its partner") { .move(.endCoPrimary($0)) },
        on("detach-replica", "make a replica's source unreachable, to be had back") { .move(.detach($0)) },
        on("reattach-replica", "take a detaching back") { .move(.reattach($0)) },
        on("enable-gtid", "let a replica find its place by GTID") { .move(.enableGTID($0)) },
        on("disable-gtid", "let a replica find its place by file and position") { .move(.disableGTID($0)) },
    ]

    private static let operations: [WishForm] = threads + servers

    private static let threads: [WishForm] = [
        on("start-replica", "start replication") { .operation(.startReplica($0)) },
        WishForm(
            "stop-replica", .replica, ["REPLICA"], [channel, nice],
            "stop replication",
            .ready([Variant(options: [nice.name], summary: "stop replication once all that was received is applied")])
        ) { given throws(CommandMistake) in
            let replica = try given.replica
            return .operation(given.has(nice) ? .stopReplicaNicely(replica) : .stopReplica(replica))
        },
        on("restart-replica", "stop and start replication") { .operation(.restartReplica($0)) },
        on("skip-query", "leave out the transaction on which the applier stopped") {
            .operation(.skipTransaction($0))
        },
        on("reset-replica", "make a server forget its source") { .operation(.resetReplica($0)) },
        WishForm(
            "delay-replication", .replica, ["REPLICA", "TIME"], [channel],
            "keep a replica that far behind its source; 0 ends it", .begun("")
        ) { given throws(CommandMistake) in
            let replica = try given.replica
            let text = given.words.places.dropFirst().first
            guard let delay = text.flatMap(DurationText.parseWholeSeconds) else {
                throw CommandMistake(
                    sentence:
                        "delay-replication needs whole seconds, or a time such as 30s, 5m or 1h, after its replica"
                )
            }
            return .operation(.delayReplication(replica, delay))
        },
    ]

    private static let servers: [WishForm] = [
        WishForm("set-read-only", .server, ["SERVER"], [semiSync], "let nobody but replication write") {
            given throws(CommandMistake) in
            .operation(.setReadOnly(try given.server(), semiSync: given.has(semiSync) ? .follow : .leave))
        },
        WishForm("set-writable", .server, ["SERVER"], [semiSync], "let every account write") {
            given throws(CommandMistake) in
            .operation(.setWritable(try given.server(), semiSync: given.has(semiSync) ? .follow : .leave))
        },
        WishForm(
            "set-semi-sync", .server, ["SERVER"], [side, on, off],
            "switch a side of semi-synchronous replication", .begun("--side ")
        ) { given throws(CommandMistake) in
            guard let side = SemiSyncSide(rawValue: try given.value(side)), given.has(on) != given.has(off) else {
                throw CommandMistake(
                    sentence: "set-semi-sync takes SERVER, --side source or --side replica, and --on or --off")
            }
            return .operation(.setSemiSync(try given.server(), side, given.has(on) ? .on : .off))
        },
        server("gtid-errant-inject-empty", "write empty transactions for errant GTIDs on the primary") {
            .operation(.injectErrant($0))
        },
        server("gtid-errant-reset", "make a replica's binary logs anew, without errant GTIDs") {
            .operation(.resetErrant($0))
        },
        server("flush-binary-logs", "begin a new binary log") { .operation(.flushBinaryLogs($0)) },
        WishForm(
            "purge-binary-logs", .server, ["SERVER"], [to], "remove the binary logs before a file", .begun("--to ")
        ) { given throws(CommandMistake) in
            .operation(.purgeBinaryLogs(try given.server(), to: try given.value(to)))
        },
        WishForm(
            "kill-query", .server, ["SERVER"], [connection], "end the query of a connection", .begun("--connection ")
        ) { given throws(CommandMistake) in
            let text = try given.value(connection)
            guard let number = UInt64(text) else {
                throw CommandMistake(sentence: "\(text.sanitized) is no number of a connection")
            }
            return .operation(.killQuery(try given.server(), connection: number))
        },
    ]
}

import ArgumentParser
import Console
import Foundation
import TestSupport
import Testing

@testable import baton

@Suite("orchestrator's commands")
struct FamiliarCommandTests {
    /// Those of orchestrator 3.2.6 (`orchestrator -c help`), with the synonyms that it takes, and of its shell client.
    private static let names = """
        relocate relocate-below relocate-replicas take-siblings regroup-replicas move-up move-up-replicas move-below
        move-equivalent repoint repoint-replicas take-master make-co-master get-candidate-replica regroup-replicas-bls
        move-gtid move-replicas-gtid regroup-replicas-gtid match match-up rematch match-replicas match-up-replicas
        regroup-replicas-pgtid enable-gtid disable-gtid gtid-errant-reset-master skip-query stop-replica start-replica
        restart-replica reset-replica detach-replica-master-host reattach-replica-master-host which-gtid-errant
        master-pos-wait enable-semi-sync-master disable-semi-sync-master enable-semi-sync-replica
        disable-semi-sync-replica restart-replica-statements can-replicate-from is-replicating is-replication-stopped
        set-read-only set-writeable flush-binary-logs purge-binary-logs last-pseudo-gtid locate-gtid-errant
        last-executed-relay-entry correlate-relaylog-pos find-binlog-entry correlate-binlog-pos submit-pool-instances
        cluster-pool-instances which-heuristic-cluster-pool-instances find search clusters clusters-alias
        all-clusters-masters topology topology-tabulated topology-tags all-instances which-instance which-cluster
        which-cluster-alias which-cluster-domain which-heuristic-domain-instance which-cluster-master
        which-cluster-instances which-cluster-osc-replicas which-cluster-gh-ost-replicas which-master
        which-downtimed-instances which-replicas which-lost-in-recovery instance-status get-cluster-heuristic-lag
        submit-masters-to-kv-stores tags tag-value tagged tag untag untag-all discover forget begin-maintenance
        end-maintenance in-maintenance begin-downtime end-downtime recover recover-lite force-master-failover
        force-master-takeover graceful-master-takeover graceful-master-takeover-auto replication-analysis
        ack-all-recoveries ack-cluster-recoveries ack-instance-recoveries register-candidate
        register-hostname-unresolve deregister-hostname-unresolve set-heuristic-domain-instance snapshot-topologies
        continuous active-nodes access-token resolve reset-hostname-resolve-cache dump-config show-resolve-hosts
        show-unresolve-hosts redeploy-internal-db disable-global-recoveries enable-global-recoveries
        check-global-recoveries bulk-instances bulk-promotion-rules custom-command
        internal-suggest-promoted-replacement stop-slave start-slave restart-slave reset-slave
        restart-slave-statements relocate-slaves regroup-slaves regroup-slaves-gtid regroup-slaves-pgtid
        move-up-slaves repoint-slaves enslave-siblings enslave-master get-candidate-slave move-slaves-gtid match-slaves
        match-up-slaves which-cluster-osc-slaves which-cluster-gh-ost-slaves which-slaves detach-slave
        reattach-slave detach-slave-master-host reattach-slave-master-host detach-replica reattach-replica api which-api
        async-discover forget-cluster which-broken-replicas which-cluster-osc-running-replicas downtimed dominant-dc
        stop-replica-nice gtid-errant-inject-empty delay-replication can-replicate-from-gtid raft-leader raft-health
        raft-leader-hostname raft-elect-leader
        """.split(whereSeparator: \.isWhitespace).map(String.init)

    private static let samples = [
        "move-gtid -i db1 -d db2", "move-equivalent -i db1 -d db2", "move-replicas-gtid -i db1 -d db2 --pattern x",
        "regroup-replicas-gtid -i db1", "stop-replica-nice -i db1", "restart-replica-statements -i db1",
        "locate-gtid-errant -i db1", "enable-semi-sync-master -i db1", "disable-semi-sync-replica -i db1",
        "is-replication-stopped -i db1", "topology-tabulated -i db1", "dump-config", "delay-replication -i db1 -S 30",
        "purge-binary-logs -i db1 --binlog binlog.000002", "kill-query -i db1 --query 17",
        "can-replicate-from -i db1 -d db2", "relocate-replicas -i db1 -d db2 -pattern x",
        "purge-binary-logs -i db1 -binlog=binlog.000002", "move-up -i db1 -noop",
        "begin-downtime -i db1 -reason disk -duration 30m -owner ann", "end-downtime -i db1", "downtimed",
        "begin-maintenance -i db1 -reason disk -duration=2w", "in-maintenance -i db1", "which-lost-in-recovery",
        "register-candidate -i db1 -promotion-rule prefer_not", "bulk-promotion-rules",
        "ack-all-recoveries -reason seen", "ack-cluster-recoveries -i db1 -reason seen",
        "ack-cluster-recoveries -alias shop -reason seen", "ack-instance-recoveries -reason seen -i db1",
        "disable-global-recoveries", "enable-global-recoveries -reason done", "check-global-recoveries",
    ]

    @Test("each has a row, with what takes its place or why nothing does")
    func complete() {
        let rows = Set(FamiliarCommand.all.map(\.name))
        #expect(rows.count == FamiliarCommand.all.count)
        #expect(Set(Self.names).subtracting(rows).isEmpty)
        #expect(FamiliarCommand.all.allSatisfy { $0.isAccepted || !$0.note.isEmpty })
    }

    @Test("each that is accepted is a command of the program")
    func accepted() {
        let commands = Set(Baton.configuration.subcommands.compactMap { $0.configuration.commandName })
        for familiar in FamiliarCommand.all.filter(\.isAccepted) {
            #expect(commands.contains(familiar.words[0]), "\(familiar)")
        }
    }

    /// Only these, because the parser checks itself at length in a debug build.
    @Test(
        "one that stands for several words is a command line that the program takes, also behind -c",
        arguments: samples)
    func parsed(_ line: String) throws {
        let words = line.split(separator: " ").map(String.init)
        _ = try Baton.parseAsRoot(try FamiliarCommand.translated(["-c"] + words))
    }

    @Test("one without a counterpart is refused with the reason", arguments: ["match-below", "resolve", "tags"])
    func absent(_ name: String) {
        let failure = #expect(throws: CommandFailure.self) { try FamiliarCommand.translated([name, "-i", "db1"]) }
        #expect(failure?.code == .usage && failure?.description.hasPrefix("baton has no \(name): ") == true)
    }

    @Test("-i and -d name the servers of a command in their order, and what stands alone fills what is left")
    func servers() throws {
        func names(_ arguments: String...) throws -> [String] {
            let command = try Baton.parseAsRoot(try FamiliarCommand.translated(arguments))
            return try #require(command as? any OperationCommand).names.map(\.text)
        }
        #expect(try names("relocate", "db3", "db2") == ["db3", "db2"])
        #expect(try names("relocate", "-i", "db3", "-d", "db2") == ["db3", "db2"])
        #expect(try names("relocate", "-d", "db2", "db3") == ["db3", "db2"])
        #expect(try names("relocate", "-i", "db3", "-s", "db2") == ["db3", "db2"])
        #expect(try names("repoint", "-i", "db3") == ["db3"])
        #expect(try names("delay-replication", "db3", "5m") == ["db3"])
        for wrong in [
            ["relocate", "db3"], ["relocate", "a", "b", "-i", "c"], ["move-up", "db3", "-d", "db2"],
            ["relocate", "-i", "d", "-s", "c", "-d", "e"], ["move-up", "-i", "d", "-i", "e"],
        ] {
            #expect(throws: (any Error).self, "\(wrong)") { try Baton.parseAsRoot(wrong) }
        }
    }

    @Test("long options with one dash are spelt as here, for commands that have them")
    func oneDash() throws {
        #expect(
            try FamiliarCommand.translated(["-c", "relocate-replicas", "-i", "a", "-d", "b", "-pattern", "x", "-noop"])
                == ["relocate-replicas", "-i", "a", "-d", "b", "--pattern", "x", "--dry-run"])
        #expect(
            try FamiliarCommand.translated(["purge-binary-logs", "-i", "a", "-binlog=f.000002"])
                == ["purge-binary-logs", "-i", "a", "--binlog=f.000002"])
        #expect(
            try FamiliarCommand.translated(["-c", "stop-slave", "-i", "a", "-reason", "rack 7"])
                == ["stop-replica", "-i", "a", "--reason", "rack 7"])
        #expect(try FamiliarCommand.translated(["topology", "-pattern"]) == ["topology", "-pattern"])
    }

    @Test(
        "what stands after -c and is no command is refused with the nearest",
        arguments: [["-c", "relocte", "-i", "d"], ["-i", "d", "-c", "relocte"]])
    func unknown(_ arguments: [String]) throws {
        let failure = #expect(throws: CommandFailure.self) { try FamiliarCommand.translated(arguments) }
        #expect(failure?.code == .usage)
        #expect(failure?.description.contains("there is no command \"relocte\" (did you mean \"relocate\"?)") == true)
    }

    @Test("a command may stand behind options")
    func behindOptions() throws {
        func translated(_ line: String) throws -> String {
            try FamiliarCommand.translated(line.split(separator: " ").map(String.init)).joined(separator: " ")
        }
        #expect(try translated("--config f.toml relocate c e --dry-run") == "relocate --config f.toml c e --dry-run")
        #expect(try translated("--read-only topology db1") == "topology --read-only db1")
        #expect(try translated("--format=json -p topology db1") == "topology --format=json -p db1")
        #expect(try translated("-i db3 -d db2 -c move-up") == "move-up -i db3 -d db2")
        #expect(try translated("--help relocate") == "relocate --help")
        #expect(try translated("--config f.toml operations undo 2 --yes") == "operations undo --config f.toml 2 --yes")
        for name in ["list", "show", "resume", "roll-back", "leave"] {
            #expect(try translated("--config f.toml operations \(name) 2") == "operations \(name) --config f.toml 2")
        }
        #expect(try translated("operations --config f.toml show 2") == "operations show --config f.toml 2")
        #expect(try translated("operations --open --store s.db") == "operations --open --store s.db")
        #expect(try translated("--config f.toml operations --open") == "operations --config f.toml --open")
        // A value is none, nor is what follows a server of the console.
        #expect(try translated("--config topology db1") == "--config topology db1")
        #expect(try translated("--config f.toml db1 topology") == "--config f.toml db1 topology")
        #expect(try translated("-- topology") == "-- topology")
    }

    @Test("stand in docs/orchestrator-commands.md as the program prints them")
    func documentation() throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../docs/orchestrator-commands.md").standardizedFileURL
        try Golden.check(FamiliarCommand.reference, file: file)
    }
}

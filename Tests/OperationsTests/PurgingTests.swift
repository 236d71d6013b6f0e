import Operations
import Refactoring
import Storage
import Synchronization
import TestSupport
import Testing
import Topology

@Suite("Replicas that are looked at just before binary logs are removed")
struct PurgingTests {
    private static let first = BinlogPosition(file: "binlog.000005", offset: 0)

    private let plan = Plan(
        intent: "Purge the binary logs of db1:3306 before binlog.000005", verb: "purge-binary-logs", method: "-",
        steps: [
            Step(
                stage: 0, on: "db2", "see that it no longer needs what is before binlog.000005", commands: [],
                proof: [.executedAtLeast(.known(Self.first), channel: "")], timeLimit: .milliseconds(50)),
            Step(
                stage: 1, on: "db1", "remove the binary logs before binlog.000005",
                commands: [.purgeBinaryLogs(to: "binlog.000005")], proof: []),
        ])

    private static func replica(_ address: InstanceAddress, at file: String) -> Instance {
        .replica(address, of: "db1").withChannel { $0.executed = BinlogPosition(file: file, offset: 4) }
    }

    /// The fleet that the plan was made on.
    private let fleet = Fleet([.source("db1"), replica("db2", at: "binlog.000005")])

    /// The servers as they are now: one more has come.
    private func servers(_ newcomer: Instance, isListed: Bool = true) -> FakeFleetServers {
        let servers = FakeFleetServers([.source("db1"), Self.replica("db2", at: "binlog.000005"), newcomer])
        servers.change("db1") { $0.reportedReplicas = isListed ? ["db2", newcomer.address] : ["db2"] }
        return servers
    }

    private func objection(_ report: OperationReport) -> String? {
        guard case .failed(let failures) = report.ending else { return nil }
        return failures.map(\.message).joined(separator: "; ")
    }

    @Test("one that has come since, and needs them, stops it before anything is removed")
    func newcomer() async throws {
        let store = try await TemporaryStore()
        let servers = servers(Self.replica("db3", at: "binlog.000004"))
        let executor = Executor(servers: servers, journal: store.journal(), fleet: fleet)
        let report = try await executor.run(plan)
        #expect(objection(report) == "db3:3306 stands at binlog.000004:4, and still needs what is before binlog.000005")
        #expect(servers.log.isEmpty)
        servers.change("db3") { $0.channels[0].executed = BinlogPosition(file: "binlog.000005", offset: 4) }
        let resumed = try await executor.resume(report.operation)
        #expect(resumed.isDone, "\(resumed.ending)")
        #expect(servers.log.first == "db1: PURGE BINARY LOGS TO 'binlog.000005'")
    }

    @Test("one that has come since and does not answer may need them")
    func silent() async throws {
        let store = try await TemporaryStore()
        let servers = servers(Self.replica("db3", at: "binlog.000005"))
        servers.state.withLock { $0.unreachable = ["db3"] }
        let report = try await Executor(servers: servers, journal: store.journal(), fleet: fleet).run(plan)
        #expect(objection(report) == "db3:3306 does not answer, and may need what would be removed")
        #expect(servers.log.isEmpty)
    }

    @Test("one that the fleet has now counts though it is not connected, as when it was detached meanwhile")
    func notConnected() async throws {
        let store = try await TemporaryStore()
        let detached = Self.replica("db3", at: "binlog.000003").withChannel {
            ($0.source, $0.detachedFrom) = (nil, "db1")
            ($0.receiver, $0.applier) = (.stopped, .stopped)
        }
        let servers = servers(detached, isListed: false)
        var fleet = fleet
        fleet.update(detached)
        let report = try await Executor(servers: servers, journal: store.journal(), fleet: fleet).run(plan)
        #expect(objection(report)?.hasPrefix("db3:3306 stands at binlog.000003:4") == true)
    }

    @Test("one that is left out of the fleet on purpose, and was listed then, is left out here too")
    func ignored() async throws {
        let store = try await TemporaryStore()
        let servers = servers(Self.replica("backup", at: "binlog.000001"))
        var fleet = fleet
        fleet.update(Instance.source("db1").changed { $0.reportedReplicas = ["db2", "backup"] })
        let report = try await Executor(servers: servers, journal: store.journal(), fleet: fleet).run(plan)
        #expect(report.isDone, "\(report.ending)")
    }
}

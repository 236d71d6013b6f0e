import Diagnosis
import TestSupport
import Testing
import Topology

@testable import Engine

@Suite("Whose return is awaited")
struct AwaitedTests {
    private func update(_ fleet: Fleet, _ marks: OperatorMarks = OperatorMarks()) -> EngineUpdate {
        EngineUpdate(diagnosis: Diagnosis(of: fleet).marked(by: marks, at: .testNow), origin: .live, marks: marks)
    }

    private func marks(_ servers: [InstanceAddress], age: Duration = .seconds(60)) -> OperatorMarks {
        var marks = OperatorMarks()
        for (place, server) in servers.enumerated() {
            let begins = Timestamp.testNow - age - .seconds(place)
            marks.downtimes[server] = Mark(.lostInRecovery, owner: "dba", reason: "", begins: begins)
            marks.replaced[server] = ReplacedPrimary(recovery: 1, successor: "new", identity: nil)
        }
        return marks
    }

    @Test("a primary that is lost, before and after its recovery; nobody who answers, or whose return nobody waits for")
    func lost() {
        let dead = Fleet([
            Instance.source("old").unreachable(),
            Instance.replica("new", of: "old").withChannel { channel in
                channel.receiver = .connecting
                channel.receiverError = ReplicationError(code: 2003, message: "gone")
            },
            Instance.replica("leaf", of: "old").unreachable(),
        ])
        #expect(update(dead).awaited == ["old"])
        let recovered = Fleet([.source("new"), .replica("leaf", of: "new"), Instance.source("old").unreachable()])
        #expect(update(recovered).awaited.isEmpty, "a lone server that nobody follows")
        #expect(update(recovered, marks(["old"])).awaited == ["old"])
        let back = Fleet([.source("new"), .replica("leaf", of: "new"), .source("old")])
        #expect(update(back, marks(["old"])).awaited.isEmpty)
    }

    @Test("of many, those that were lost last, and no more than may be asked at a time")
    func bounded() {
        let servers = (0..<40).map { InstanceAddress(host: "old\($0)") }
        let fleet = Fleet(servers.map { Instance.source($0).unreachable() } + [.source("new")])
        let awaited = update(fleet, marks(servers)).awaited
        #expect(awaited == Array(servers.prefix(EngineUpdate.awaitedLimit)))
    }
}

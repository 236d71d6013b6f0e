import TestSupport
import Testing
import Topology

@testable import Diagnosis

@Suite("Logs that stand still")
struct StandstillWatchTests {
    private func primary(at offset: UInt64, clients: Int = 0, isActive: Bool = true) -> Instance {
        Instance.source("db1").semiSync(wait: 1, clients: clients, isActive: isActive)
            .changed { $0.binaryLog?.position = BinlogPosition(file: "binlog.000001", offset: offset) }
    }

    /// What is noticed where the primary looks like that, a second apart.
    private func standstills(_ looks: Instance...) -> [Duration] {
        var (watch, fleet) = (StandstillWatch(), Fleet())
        for (second, look) in looks.enumerated() {
            let before = fleet
            fleet.update(look)
            watch.note(fleet.addresses(changedSince: before), in: fleet, at: .testNow + .seconds(second))
        }
        return watch.signals.standstills.values.map { $0 - .testNow }
    }

    @Test("one that waits for nobody stands still since its log was first seen where it is")
    func stands() {
        #expect(standstills(primary(at: 4), primary(at: 4)) == [.zero])
        #expect(standstills(primary(at: 4), primary(at: 900), primary(at: 900)) == [.seconds(1)])
    }

    @Test("what nobody wrote before acknowledgements were too few does not count")
    func idle() {
        #expect(standstills(primary(at: 4, clients: 1), primary(at: 4, clients: 0)) == [.seconds(1)])
    }

    @Test("nothing stands still where commits go on, or nobody answers")
    func moves() {
        #expect(standstills(primary(at: 4), primary(at: 4, clients: 1)).isEmpty)
        #expect(standstills(primary(at: 4), primary(at: 4, isActive: false)).isEmpty)
        #expect(standstills(primary(at: 4), primary(at: 4).unreachable()).isEmpty)
        #expect(standstills(.source("db1")).isEmpty)
    }

    @Test("a server that is forgotten is forgotten here too")
    func forgotten() {
        var (watch, fleet) = (StandstillWatch(), Fleet([primary(at: 4)]))
        watch.note(["db1"], in: fleet, at: .testNow)
        fleet.remove("db1")
        watch.note(["db1"], in: fleet, at: .testNow)
        #expect(watch.signals == FailureSignals())
    }
}

import Diagnosis
import TestSupport
import Testing
import Topology

@Suite("A diagnosis of the whole fleet")
struct DiagnosisTests {
    private static let mariaDB = ServerVersion(flavor: .mariadb, major: 10, minor: 11, patch: 6)

    @Test("healthy fleets of every shape have no problem")
    func cleanFleets() {
        let galera: [InstanceAddress] = ["a", "b", "c"]
        let healthy: [[Instance]] = [
            [],
            [.source("db1")],
            [.source("db1", writability: .superReadOnly)],
            [.source("db1"), .replica("db2", of: "db1"), .replica("db3", of: "db2")],
            [.source("db1", version: Self.mariaDB), .replica("db2", of: "db1", version: Self.mariaDB)],
            [.replica("db1", of: "db2", writability: .writable), .replica("db2", of: "db1")],
            [.source("a"), .source("b"), .multiSourceReplica("c", of: ["a", "b"])],
            [
                .source("a").inGroup("g", primary: "a"),
                .source("b", writability: .superReadOnly).inGroup("g", primary: "a"),
            ],
            galera.map { Instance.source($0).changed { $0.galera = .test("g", members: galera) } },
            [.source("db1"), .replica("db2", of: "db1", lag: .seconds(9))],
        ]
        for instances in healthy {
            let diagnosis = Diagnosis(of: Fleet(instances))
            #expect(diagnosis.problems.isEmpty, "\(diagnosis.problems)")
            for instance in instances {
                #expect(diagnosis.status(of: instance.address) == InstanceStatus(shape: .ok, word: "ok"))
            }
        }
        #expect(Diagnosis(of: .realistic(clusters: 5, instancesPerCluster: 20)).problems.isEmpty)
    }

    @Test("a diagnosis after another finds what one of the whole fleet finds, and in the same order")
    func incremental() {
        for seed in UInt64(0)..<25 {
            var generator = SeededGenerator(seed: seed)
            var fleet = Fleet.random(count: 10, using: &generator)
            var diagnosis = Diagnosis(of: fleet)
            for _ in 0..<15 {
                for _ in 0..<Int.random(in: 0...2, using: &generator) {
                    if let instance = fleet.instances.shuffled(using: &generator).first {
                        fleet.update(changed(instance, &generator))
                    }
                }
                diagnosis = Diagnosis(of: fleet, after: diagnosis)
                #expect(diagnosis.problems == Diagnosis(of: fleet).problems, "seed \(seed)")
            }
        }
    }

    @Test("the same with failures, marks that come and go, and time")
    func incrementalFailures() {
        for seed in UInt64(0)..<40 {
            var generator = SeededGenerator(seed: seed)
            var fleet = Fleet.random(count: 8, using: &generator)
            var inputs = FailureInputs(now: .testNow)
            var diagnosis = Diagnosis(of: fleet, inputs: inputs)
            for _ in 0..<15 {
                if Bool.random(using: &generator), let one = fleet.instances.shuffled(using: &generator).first {
                    fleet.update(changed(one, &generator))
                }
                if Int.random(in: 0..<3, using: &generator) == 0 {
                    mark(&inputs, fleet.instances.map(\.address).sorted(), &generator)
                }
                inputs.now = inputs.now + .seconds(1)
                diagnosis = Diagnosis(of: fleet, after: diagnosis, inputs: inputs)
                let whole = Diagnosis(of: fleet, inputs: inputs)
                #expect(diagnosis.failures.failures == whole.failures.failures, "seed \(seed)")
                #expect(diagnosis.problems == whole.problems, "seed \(seed)")
                #expect(
                    whole.failures.failures == FailureAnalysis(of: fleet, inputs: inputs).failures, "seed \(seed)")
            }
        }
    }

    private func mark(_ inputs: inout FailureInputs, _ all: [InstanceAddress], _ generator: inout SeededGenerator) {
        guard let one = all.randomElement(using: &generator) else { return }
        let ends = inputs.now + .seconds(Int.random(in: 1...4, using: &generator))
        switch Int.random(in: 0..<4, using: &generator) {
        case 0:
            inputs.marks.downtimes[one] = Mark(
                .planned, owner: "anna", reason: "disks", begins: inputs.now + .seconds(1), ends: ends)
        case 1:
            inputs.marks.maintenances[one] = Mark(
                Maintenance(), owner: "anna", reason: "", begins: inputs.now, ends: ends)
        case 2: inputs.ignored.insert(one)
        default: inputs.signals.standstills[one] = inputs.now - .seconds(7)
        }
    }

    private func changed(_ instance: Instance, _ generator: inout SeededGenerator) -> Instance {
        let uuid = instance.address.testUUID
        let last = UInt64.random(in: 1...3, using: &generator)
        let seconds = Int.random(in: 0...100, using: &generator)
        switch Int.random(in: 0..<10, using: &generator) {
        case 7: return instance.silent(for: .seconds(seconds))
        case 8: return instance.semiSync(wait: 1, clients: Int(last) - 1)
        case 9: return instance.writing(.failed(since: .testNow, WriteFailure(code: 1021, message: "full")))
        case 0: return instance.unreachable()
        case 1:
            return instance.changed {
                $0.gtid = .mysql(MySQLGTIDState(mode: .on, executed: GTIDSet(uuid: uuid, 1...last)))
            }
        case 2: return instance.withChannel { $0.receiver = $0.receiver == .running ? .connecting : .running }
        case 3: return instance.withChannel { $0.lag = Lag(measured: .seconds(seconds)) }
        case 4: return instance.changed { $0.writability = .writable }
        case 5:
            return Instance(
                address: instance.address, contact: .reachable(since: .testNow), facts: instance.facts)
        default: return instance.withChannel { $0.applierError = ReplicationError(code: 1062, message: "Duplicate") }
        }
    }

    @Test("problems come worst first, and a server's status is its worst problem's")
    func order() {
        let fleet = Fleet([
            .source("db1"),
            .replica("db2", of: "db1", writability: .writable, lag: .seconds(100)),
            .replica("db3", of: "db1").unreachable(),
            .replica("db4", of: "db1", lag: .seconds(20)),
            .unprobed("db5"),
        ])
        let diagnosis = Diagnosis(of: fleet)
        #expect(
            diagnosis.problems.map(\.kind.rawValue) == [
                "instance.unreachable", "replication.lag", "instance.writable-replica", "replication.lag",
            ])
        #expect(diagnosis.status(of: "db2") == InstanceStatus(shape: .broken, word: "lag 100 s"))
        #expect(diagnosis.status(of: "db3") == InstanceStatus(shape: .broken, word: "unreachable"))
        #expect(diagnosis.status(of: "db4") == InstanceStatus(shape: .warning, word: "lag 20 s"))
        #expect(diagnosis.status(of: "db5") == InstanceStatus(shape: .unknown, word: "not asked yet"))
        #expect(diagnosis.status(of: "db9") == InstanceStatus(shape: .unknown, word: "never seen"))
        #expect(Set(diagnosis.problems.map(\.id)).count == diagnosis.problems.count)
    }

    @Test("the facts of a server that stopped answering are not taken for the present")
    func staleFacts() {
        let fleet = Fleet([.source("db1"), .replica("db2", of: "db1", lag: .seconds(500)).unreachable()])
        #expect(Diagnosis(of: fleet).problems.map(\.kind) == [.unreachable])
    }

    @Test("limits come from outside")
    func limits() {
        let fleet = Fleet([.source("db1"), .replica("db2", of: "db1", lag: .seconds(5))])
        let strict = DiagnosisLimits(lagWarning: .seconds(2), lagCritical: .seconds(4))
        #expect(Diagnosis(of: fleet).problems.isEmpty)
        #expect(Diagnosis(of: fleet, limits: strict).problems.map(\.severity) == [.broken])
    }
}

@Suite("Durations in words")
struct WordingTests {
    @Test(
        "the unit grows with the duration",
        arguments: [
            (Duration.zero, "0 s"), (.milliseconds(1500), "1.5 s"), (.milliseconds(9960), "10 s"),
            (.seconds(42), "42 s"),
            (.seconds(185), "3 min 5 s"), (.seconds(7800), "2 h 10 min"), (.seconds(259_200), "3 d"),
            (.seconds(-42), "-42 s"),
        ])
    func words(duration: Duration, expected: String) {
        #expect(duration.inWords == expected)
    }
}

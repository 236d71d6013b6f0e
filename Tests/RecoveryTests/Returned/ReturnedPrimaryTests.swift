import Diagnosis
import Recovery
import TestSupport
import Testing
import Topology

@Suite("Primaries that are back")
struct ReturnedPrimaryTests {
    private static let uuid = "00000000-0000-0000-0000-000000000001"

    private func fleet(_ old: Instance) -> Fleet {
        Fleet([
            old, .source("new", executed: "\(Self.uuid):1-100,00000000-0000-0000-0000-000000000002:1-7"),
            .replica("other", of: "new", executed: "\(Self.uuid):1-100"),
        ])
    }

    /// What is said where "new" took the place of "old" in recovery 7.
    private func marks(_ identity: LastingIdentity? = nil) -> OperatorMarks {
        OperatorMarks(
            downtimes: ["old": Mark(.lostInRecovery, owner: "dba", reason: "", begins: .testNow - .seconds(5))],
            replaced: ["old": ReplacedPrimary(recovery: 7, successor: "new", identity: identity)])
    }

    private func diagnosis(_ fleet: Fleet, _ marks: OperatorMarks? = nil) -> Diagnosis {
        Diagnosis(of: fleet).marked(by: marks ?? self.marks(), at: .testNow)
    }

    private func found(_ fleet: Fleet, _ marks: OperatorMarks? = nil) -> [ReturnedPrimary] {
        ReturnedPrimary.all(in: diagnosis(fleet, marks))
    }

    @Test("one that answers, is writable and follows nobody is found, with the new primary and the recovery")
    func back() throws {
        let back = try #require(found(fleet(.source("old", executed: "\(Self.uuid):1-102"))).first)
        #expect(back.server == "old" && back.primary == "new" && back.recovery == 7)
        #expect(back.danger == .twoWritable && back.givenUpAt == .testNow - .seconds(5))
    }

    @Test("one that is read-only, or has no writable primary beside it, is no alarm")
    func readOnly() throws {
        let old = Instance.source("old", writability: .superReadOnly, executed: "\(Self.uuid):1-100")
        #expect(found(fleet(old)).map(\.danger) == [.readOnly])
        var quiet = fleet(.source("old"))
        quiet.update(try #require(quiet["new"]).changed { $0.writability = .superReadOnly })
        #expect(found(quiet).map(\.danger) == [.writable])
    }

    @Test("one that does not answer, is another server, or is a replica is none")
    func none() throws {
        #expect(found(fleet(Instance.source("old").unreachable())).isEmpty)
        #expect(found(fleet(.replica("old", of: "new"))).isEmpty)
        let old = Instance.source("old")
        let identity = try #require(old.facts?.identity.lasting)
        #expect(found(fleet(old), marks(identity)).count == 1)
        #expect(found(fleet(old), marks(.serverID(4_000_000))).isEmpty)
        #expect(found(fleet(old), OperatorMarks()).isEmpty)
    }

    @Test(
        "a co-primary that still follows the other one is found while it takes writes, and no more when it is read-only"
    )
    func coPrimary() throws {
        let back = try #require(found(fleet(.replica("old", of: "new", writability: .writable))).first)
        #expect(back.danger == .twoWritable && back.primary == "new")
        #expect(found(fleet(.replica("old", of: "new", writability: .readOnly))).isEmpty)
        let both = Fleet([
            .replica("old", of: "new", writability: .writable), .replica("new", of: "old", writability: .writable),
        ])
        #expect(found(both).isEmpty, "they are co-primaries again")
    }

    @Test("one to which the cluster was given back is none")
    func again() throws {
        #expect(found(Fleet([.source("old"), .replica("new", of: "old")])).isEmpty)
    }

    @Test("one is found though somebody follows both, which leaves open who is the primary")
    func followedByOne() throws {
        var fleet = fleet(.source("old"))
        var other = try #require(fleet["other"])
        var channel = try #require(other.channels.first)
        (channel.name, channel.source) = ("second", "old")
        other.facts?.channels.append(channel)
        fleet.update(other)
        #expect(found(fleet).map(\.danger) == [.twoWritable])
    }

    @Test("the diagnosis raises its alarm for exactly those that are told as two writable servers")
    func agrees() throws {
        let writability = [Writability.writable, .readOnly, .superReadOnly]
        let olds: [Instance] =
            writability.map { .source("old", writability: $0) }
            + writability.map { .replica("old", of: "new", writability: $0) }
            + writability.map { .replica("old", of: "other", writability: $0) }
            + [Instance.source("old").unreachable(), .replica("old", of: "elsewhere", writability: .writable)]
        for old in olds {
            for new in [Instance.source("new"), .source("new", writability: .readOnly), .replica("new", of: "old")] {
                for ends: Timestamp? in [nil, .testNow - .seconds(1)] {
                    let fleet = Fleet([old, new, .replica("other", of: "new"), .source("elsewhere")])
                    var marks = marks()
                    marks.downtimes["old"]?.ends = ends
                    let diagnosis = diagnosis(fleet, marks)
                    let alarms = diagnosis.failures.failures.filter { $0.code == .primaryReturned }.map(\.subject)
                    let told = ReturnedPrimary.all(in: diagnosis).filter { $0.danger == .twoWritable }.map(\.server)
                    #expect(alarms == told, "\(old.channels.map(\.source)) \(old.facts?.writability as Any)")
                }
            }
        }
    }
}

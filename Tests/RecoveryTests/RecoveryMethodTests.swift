import Recovery
import Testing
import Topology

@Suite("How servers are compared when their source is gone")
struct RecoveryMethodTests {
    @Test(
        "One way must do for all replicas, or else places in the lost source's log have to",
        arguments: [
            ([Positioning.autoPosition, .autoPosition], RecoveryMethod.gtid),
            ([.replicaPosition, .currentPosition], .mariadbGTID),
            ([.autoPosition, .binlogPosition], .position),
            ([.replicaPosition, .binlogPosition], .position),
            ([], .position),
        ])
    func wayOfAll(_ ways: [Positioning], _ expected: RecoveryMethod) {
        #expect(RecoveryMethod(of: ways.map { ReplicationChannel(source: nil, positioning: $0) }) == expected)
    }
}

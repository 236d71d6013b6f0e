import Glibc
import Recovery
import Storage
import Topology

/// Asks for the recovery of a cluster, says who has it, and keeps it until this process is killed.
func claimRecovery(_ store: Store) async throws {
    let now = Timestamp(seconds: Int64(time(nil)))
    let record = RecoveryRecord(
        .failover, of: InstanceAddress(host: "db1"), in: ClusterName(InstanceAddress(host: "db1")),
        author: Author(user: "test"), reason: "", startedAt: now, holder: .current(), expires: now + .seconds(600))
    switch try await store.claim(record, members: [InstanceAddress(host: "db2")], now: now) {
    case .held(let id): say("held \(id)")
    case .heldBy(let other): say("taken \(other.id)")
    }
    while true { sleep(60) }
}

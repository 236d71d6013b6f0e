import Lab
import TestSupport
import Testing
import Topology

@testable import Servers

@Suite("Test writes on real servers")
struct WriteCheckTests {
    private let options = ProbeOptions(
        writeProbe: WriteProbe(
            schema: "t", table: "writes", interval: .milliseconds(50), deadline: .milliseconds(500)))

    /// Probes until the check holds.
    private func until(
        _ what: String, _ prober: InstanceProber, _ holds: @Sendable (WriteCheck?) -> Bool
    ) async throws {
        try await eventually(within: .seconds(20), what) {
            _ = await prober.probe()
            return holds(await prober.notes().writeCheck)
        }
    }

    @Test("a primary that can write, cannot, or hangs is told, and a replica is never written to")
    func writes() async throws {
        try await LabServers.with("mariadb: a(b)") { lab in
            let (a, b) = (lab["a"], lab["b"])
            let prober = a.prober(options: options)
            try await until("the table is missing", prober) {
                if case .failed(_, let failure) = $0 { failure.isOfSetup } else { false }
            }
            try await a.execute(
                "CREATE DATABASE t",
                "CREATE TABLE t.writes (server_id INT UNSIGNED PRIMARY KEY, ts DATETIME(6) NOT NULL)")
            try await until("it writes", prober) { $0?.isOK == true }
            try await a.execute("SET GLOBAL read_only = 1")
            try await until("nothing is written to a read-only server", prober) { $0 == nil }
            try await a.execute("SET GLOBAL read_only = 0")
            try await until("it writes again", prober) { $0?.isOK == true }
            // A write that waits behind a lock does not come back, and polls do.
            let locker = try await a.connect()
            try await locker.execute("FLUSH TABLES WITH READ LOCK", timeout: .seconds(5))
            try await until("it hangs", prober) { if case .hangs = $0 { true } else { false } }
            try await locker.execute("UNLOCK TABLES", timeout: .seconds(5))
            locker.close()
            try await until("it is well again", prober) { $0?.isOK == true }
            await prober.close()
            let ofReplica = b.prober(options: options)
            for _ in 0..<3 { _ = await ofReplica.probe() }
            #expect(await ofReplica.notes().writeCheck == nil)
            await ofReplica.close()
        }
    }
}

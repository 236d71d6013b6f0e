import Lab
import TestSupport
import Testing
import Topology

@Suite("Plans of recoveries by what operators have said", .serialized, .timeLimit(.minutes(3)))
struct MarkedPlanTests {
    private let sandbox: Sandbox

    init() throws {
        sandbox = try Sandbox()
    }

    @Test("a rule of promotion, a maintenance and a downtime reach the dry runs of switchover and failover")
    func dryRuns() async throws {
        try await LabServers.with("mariadb: a(b c)") { lab in
            let (a, b, c) = (lab["a"].address.description, lab["b"].address.description, lab["c"].address.description)
            let password = [LabAccounts.replicationPasswordVariable: LabAccounts.replicationPassword]
            func run(_ arguments: String..., code: Int32 = 0) async throws -> Sandbox.Run {
                let run = try await sandbox.baton(
                    arguments + ["--config", lab.configurationFile], environment: password)
                #expect(run.code == code, "\(arguments): \(run)")
                return run
            }
            _ = try await run("discover", a)
            #expect(try await run("switchover", a, "--to", b, "--dry-run").errors.isEmpty)
            _ = try await run("promotion-rule", b, "must-not", "--reason", "small")
            let ruled = try await run("switchover", a, "--to", b, "--dry-run", code: 3)
            #expect(ruled.errors.contains("switch.must-not"), "\(ruled)")
            _ = try await run("maintenance", c, "--reason", "ram")
            let maintained = try await run("switchover", a, "--to", c, "--dry-run", code: 3)
            #expect(maintained.errors.contains("switch.maintenance"), "\(maintained)")

            try await lab["a"].kill()
            let refused = try await run("failover", a, "--to", b, "--dry-run", code: 3)
            #expect(refused.errors.contains("rec.must-not"), "\(refused)")
            let working = try await run("failover", a, "--to", c, "--dry-run", code: 3)
            #expect(working.errors.contains("rec.maintenance"), "\(working)")
            _ = try await run("end-maintenance", c)
            _ = try await run("downtime", c, "--reason", "disk")
            let planned = try await run("failover", a, "--to", c, "--dry-run")
            #expect(planned.output.contains("rec.downtime"), "\(planned)")
            // The best is taken where nobody is named, and that is not who must not be promoted.
            let best = try await run("failover", a, "--dry-run")
            #expect(best.output.contains("Promote \(c) in place of \(a)"), "\(best)")
        }
    }
}

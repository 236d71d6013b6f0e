import Foundation
import Lab
import TestSupport
import Testing

/// Runs for as many seconds as `BATON_SOAK` says, and not at all without it: `make soak`.
@Suite(
    "A lab under faults for a long time",
    .enabled(if: ProcessInfo.processInfo.environment["BATON_SOAK"] != nil, "make soak runs it"))
struct SoakTests {
    @Test("no acknowledged row is lost, whatever happens to the replicas", arguments: ["mariadb", "mysql"])
    func faults(flavour: String) async throws {
        let seconds = Int(ProcessInfo.processInfo.environment["BATON_SOAK"] ?? "") ?? 60
        try await LabTests.withLab("\(flavour): a(b(d) c)") { lab in
            let workload = try await lab.startWorkload(rate: 100)
            var random = SeededGenerator(seed: UInt64(seconds))
            let end = ContinuousClock.now + .seconds(seconds / 2)
            var faults = 0
            while ContinuousClock.now < end {
                let name = ["b", "c", "d"].randomElement(using: &random) ?? "b"
                try await Self.hurtAndMend(lab[name], in: lab, Int.random(in: 0..<5, using: &random))
                faults += 1
            }
            try await workload.stop()
            let report = try await eventually(
                within: .seconds(60), "every server has every row, after \(faults) faults"
            ) {
                let report = try await workload.workload.report(on: lab.servers)
                return report.servers.allSatisfy { $0.notYet == 0 && $0.failure == nil } ? report : nil
            }
            #expect(report.servers.map(\.missing) == [0, 0, 0, 0])
            #expect(report.failed == 0)
            #expect(report.acknowledged > seconds)
        }
    }

    private static func hurtAndMend(_ server: LabServer, in lab: Lab, _ fault: Int) async throws {
        switch fault {
        case 0:
            try await server.kill()
            try await server.start()
        case 1:
            try await server.freeze()
            try await server.thaw()
        case 2:
            try await server.stopReplica()
            try await server.startReplica()
        case 3:
            try await server.breakReplica(in: lab)
            try await server.startReplica()
        default:
            try await server.lag(for: .seconds(1), in: lab)
        }
        try await eventually(within: .seconds(60), "\(server.name) replicates again") {
            try await LabTests.channels(of: server.name, in: lab).contains {
                $0.receiving == "Yes" && $0.applying == "Yes"
            }
        }
    }
}

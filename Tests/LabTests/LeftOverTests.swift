import Foundation
import Lab
import Subprocess
import SystemPackage
import TestSupport
import Testing

@Suite("What a killed program leaves of its lab")
struct LeftOverTests {
    /// Runs `baton lab up --foreground` until the lab is complete, kills it, and returns the lab's processes.
    private func upAndKilled(folder: String) async throws -> [ProcessIdentity] {
        let program = try #require(BuiltProduct.path(of: "baton"))
        let result = try await run(
            .path(FilePath(program)), arguments: ["lab", "up", "mariadb: a(b)", "--dir", folder, "--foreground"],
            input: .none, output: .sequence, error: .discarded
        ) { execution in
            // It prints one line a server when all is up.
            var lines = 0
            for try await _ in execution.standardOutput.strings() {
                lines += 1
                if lines == 2 { break }
            }
            let processes = try Lab.open(folder: folder).servers.compactMap(\.process)
            try execution.send(signal: .kill)
            return processes
        }
        return result.closureResult
    }

    @Test("its servers end with it, and their data go")
    func removed() async throws {
        let folder = LabTests.temporaryFolder()
        let processes = try await upAndKilled(folder: folder)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await eventually("nothing but the lock's file is left") {
            try FileManager.default.contentsOfDirectory(atPath: folder) == ["up.lock"]
        }
        #expect(processes.allSatisfy { !$0.isAlive })
    }

    @Test("the next lab in the same folder comes up, also while the last one is still being removed")
    func killed() async throws {
        let folder = LabTests.temporaryFolder()
        let processes = try await upAndKilled(folder: folder)
        #expect(processes.count == 2)
        try await eventually("the servers of the killed program are gone") { processes.allSatisfy { !$0.isAlive } }
        let next = try await Lab.up(try Shape(parsing: "mariadb: c"), in: folder, lifetime: .thisProcess)
        #expect(next["c"].condition == .running)
        try await next.down()
        #expect(!FileManager.default.fileExists(atPath: folder))
    }
}

import Foundation
import Lab
import TestSupport
import Testing

@Suite("A lab of real servers")
struct LabTests {
    /// Brings a lab up in a folder of its own, hands it over, and takes it down whatever happens.
    static func withLab(_ shape: String, _ body: (Lab) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.path + "/baton-lab-\(UUID().uuidString)"
        let lab = try await Lab.up(try Shape(parsing: shape), in: folder, lifetime: .thisProcess)
        do {
            try await body(lab)
        } catch {
            try? await lab.down()
            throw error
        }
        try await lab.down()
        #expect(!FileManager.default.fileExists(atPath: folder))
    }

    @Test(
        "comes up as its shape says, is broken and mended, and goes without a trace", arguments: ["mariadb", "mysql"])
    func upAndDown(flavour: String) async throws {
        try await Self.withLab("\(flavour): a(b(d) c[delay=60])") { lab in
            try await lab["a"].execute("CREATE DATABASE shop", "CREATE TABLE shop.t (id INT PRIMARY KEY)")
            try await eventually(within: .seconds(20), "the table reaches d through b") {
                (try? await lab["d"].execute("SELECT COUNT(*) FROM shop.t")) != nil
            }
            #expect((try? await lab["c"].execute("SELECT COUNT(*) FROM shop.t")) == nil, "c stays behind on purpose")
        }
    }
}

import Foundation
import Lab

/// Real servers of a shape for one test.
public enum LabServers {
    /// Whether MySQL can be had here; MariaDB always can, else the tests fail.
    public static func hasMySQL() async -> Bool {
        (try? await ServerInstallation.find(.mysql)) != nil
    }

    /// Brings the shape up, runs the body and takes it down, also when the body fails.
    public static func with(_ shape: String, _ body: (Lab) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "baton-test-\(UUID().uuidString)").path
        let lab = try await Lab.up(try Shape(parsing: shape), in: folder, lifetime: .thisProcess)
        let result: Result<Void, any Error>
        do {
            result = .success(try await body(lab))
        } catch {
            result = .failure(error)
        }
        try await lab.down()
        try? FileManager.default.removeItem(atPath: folder)
        try result.get()
    }
}

import Foundation
import Lab
import Servers
import Topology

/// Real servers of a shape for one test.
enum LabServers {
    /// Whether MySQL can be had here; MariaDB always can, else the tests fail.
    static func hasMySQL() async -> Bool {
        (try? await ServerInstallation.find(.mysql)) != nil
    }

    /// Brings the shape up, runs the body and takes it down, also when the body fails.
    static func with(_ shape: String, _ body: (Lab) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "baton-probe-\(UUID().uuidString)").path
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

extension LabServer {
    /// A prober that logs in as root, or as `user` without a password.
    func prober(user: String = "root", options: ProbeOptions = ProbeOptions()) -> InstanceProber {
        InstanceProber(
            address: address, settings: ConnectionSettings(credentials: Credentials(user: user)), options: options)
    }
}

extension ProbeOutcome {
    var facts: InstanceFacts? {
        if case .facts(let facts) = self { facts } else { nil }
    }
}

import Foundation
import Lab
import Subprocess
import Topology

/// A real HAProxy before one server, as `examples/hooks/haproxy` wants it.
public struct HAProxy: Sendable {
    /// Its socket for commands, with the right to change servers.
    public let socket: String
    /// Where clients connect.
    public let address: InstanceAddress

    /// Why there is none.
    public static let reason = "haproxy and socat are not installed"

    /// Distributions keep it where users have no path to.
    private static let path = "PATH=$PATH:/usr/sbin:/usr/local/sbin"

    /// Whether it and what its hook needs are installed.
    public static func isInstalled() async -> Bool {
        (try? await shell("\(path); command -v haproxy && command -v socat")) != nil
    }

    /// Leads clients to that server for the time of `body`.
    public static func with<Value>(
        _ server: InstanceAddress, _ body: (HAProxy) async throws -> Value
    ) async throws -> Value {
        let folder = FileManager.default.temporaryDirectory.path + "/baton-haproxy-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let port = try FreePorts.find(1)[0]
        let proxy = HAProxy(
            socket: folder + "/admin.sock", address: InstanceAddress(host: "127.0.0.1", port: port))
        let configuration = """
            global
                stats socket \(proxy.socket) mode 600 level admin
            defaults
                mode tcp
                timeout connect 1s
                timeout client 30s
                timeout server 30s
            frontend clients
                bind \(proxy.address)
                default_backend mysql_primary
            backend mysql_primary
                server primary \(server)

            """
        try Data(configuration.utf8).write(to: URL(fileURLWithPath: folder + "/haproxy.cfg"))
        _ = try await shell("\(path); haproxy -D -f \(folder)/haproxy.cfg -p \(folder)/pid")
        let text = try String(contentsOfFile: folder + "/pid", encoding: .utf8)
        guard let pid = pid_t(text.trimmingCharacters(in: .newlines)) else {
            throw Failure(description: "HAProxy does not tell its process: \(text)")
        }
        defer { kill(pid, SIGKILL) }
        return try await body(proxy)
    }

    /// What went wrong.
    private struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    private static func shell(_ command: String) async throws -> String {
        let result = try await Subprocess.run(
            .name("sh"), arguments: ["-c", command], output: .string(limit: 1 << 16), error: .combinedWithOutput)
        guard result.terminationStatus.isSuccess else {
            throw Failure(description: "\(command): \(result.standardOutput)")
        }
        return result.standardOutput
    }
}

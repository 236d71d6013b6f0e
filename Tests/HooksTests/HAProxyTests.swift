import Foundation
import TestSupport
import Testing
import Topology

@testable import Hooks

@Suite("The hook for HAProxy, with a real one", .timeLimit(.minutes(1)))
struct HAProxyTests {
    private static let hook = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "examples/hooks/haproxy").path

    /// A HAProxy whose one server is nobody, for the time of `body`, which is given its socket.
    private func onProxy(_ body: (String) async throws -> Void) async throws {
        guard await HAProxy.isInstalled() else { try Test.cancel("\(HAProxy.reason)") }
        try await HAProxy.with("127.0.0.1:1") { try await body($0.socket) }
    }

    private func run(_ command: String, _ facts: HookFacts = HookFacts(failed: "127.0.0.1:1")) async -> HookResult {
        let results = await HookRunner(Hooks([.postFailover: [command]])).run(.postFailover, facts)
        return results[0]
    }

    private func servers(_ socket: String) async -> String {
        await run("echo 'show servers state mysql_primary' | socat - UNIX-CONNECT:\(socket)").output
    }

    @Test("writes go to the server that took the place")
    func moves() async throws {
        try await onProxy { socket in
            var facts = HookFacts(failed: "127.0.0.1:1")
            facts.successor = "127.0.0.1:3307"
            let result = await run("HAPROXY_SOCKET=\(socket) \(Self.hook)", facts)
            #expect(result.ending == .succeeded, "\(result)")
            let state = await servers(socket)
            #expect(state.contains(" 3307 "), "\(state)")
            let again = await run("HAPROXY_SOCKET=\(socket) \(Self.hook)", facts)
            #expect(again.ending == .succeeded, "\(again)")
        }
    }

    @Test("it fails where HAProxy does not do what it is told, and does nothing where nobody took the place")
    func refused() async throws {
        try await onProxy { socket in
            var facts = HookFacts(failed: "127.0.0.1:1")
            let nobody = await run("HAPROXY_SOCKET=\(socket) \(Self.hook)", facts)
            #expect(nobody.ending == .succeeded)
            #expect(await !servers(socket).contains(" 3307 "))
            facts.successor = "127.0.0.1:3307"
            let unknown = await run("HAPROXY_SOCKET=\(socket) HAPROXY_SERVER=other/primary \(Self.hook)", facts)
            #expect(unknown.ending == .failed(code: 1), "\(unknown)")
            let gone = await run("HAPROXY_SOCKET=\(socket).not \(Self.hook)", facts)
            #expect(gone.isFailure, "\(gone)")
        }
    }
}

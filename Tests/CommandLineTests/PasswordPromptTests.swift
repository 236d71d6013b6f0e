import TerminalKit
import TestSupport
import Testing

@Suite("Asking for a password on a terminal", .serialized, .timeLimit(.minutes(2)))
struct PasswordPromptTests {
    /// Runs a body with a shell in a real terminal that has begun to ask.
    private func asked(_ body: (TmuxScreen) async throws -> Void) async throws {
        let sandbox = try Sandbox()
        let program = try #require(BuiltProduct.path(of: "baton"))
        let screen = try await TmuxScreen.start(
            [program, "topology", "127.0.0.1:1", "-p"], size: GridSize(width: 120, height: 20),
            environment: ["HOME": sandbox.home, "XDG_STATE_HOME": sandbox.home, "XDG_CONFIG_HOME": sandbox.home],
            shell: true)
        do {
            try await screen.waits { $0.contains("\nPassword:") }
            try await body(screen)
            // The terminal shows again what is typed.
            try await screen.type("echo it is $((40 + 2)) again")
            try await screen.waits { $0.contains("$((40 + 2))") }
            try await screen.press("Enter")
            try await screen.waits { $0.contains("it is 42 again") }
        } catch {
            await screen.stop()
            throw error
        }
        await screen.stop()
    }

    @Test("does not show it, and goes on with it")
    func hidden() async throws {
        try await asked { screen in
            try await screen.type("hunter2x")
            try await screen.press("BSpace", "Enter")
            try await screen.waits { $0.contains("baton: 127.0.0.1:1: ") }
            #expect(try await !screen.text().contains("hunter"))
        }
    }

    @Test("can be given up with Ctrl-C")
    func givenUp() async throws {
        try await asked { screen in
            try await screen.type("hunter2")
            try await screen.press("C-c")
            try await screen.waits { $0.contains("baton: no password was given") }
            #expect(try await !screen.text().contains("hunter"))
        }
    }
}

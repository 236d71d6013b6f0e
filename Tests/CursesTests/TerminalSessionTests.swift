import Foundation
import TerminalKit
import TestSupport
import Testing

/// The real thing: the probe program in tmux.
@Suite("A session in a real terminal", .serialized)
struct TerminalSessionTests {
    private func program() throws -> String {
        try #require(BuiltProduct.path(of: "curses-probe"))
    }

    /// Runs `body` with the probe on a screen, and takes both down whatever happens.
    private func withProbe(
        _ arguments: [String] = [], size: GridSize = GridSize(width: 80, height: 24),
        environment: [String: String] = [:],
        terminal: String = "tmux-256color", shell: Bool = false, _ body: (TmuxScreen) async throws -> Void
    ) async throws {
        let screen = try await TmuxScreen.start(
            [program()] + arguments, size: size, environment: environment, terminal: terminal, shell: shell)
        do {
            try await screen.waits(for: "the probe's first picture") { $0.contains("size ") || $0.contains("refused") }
            try await body(screen)
        } catch {
            await screen.stop()
            throw error
        }
        await screen.stop()
    }

    /// CPU time that a process has used, in clock ticks (proc(5): fields 14 and 15); nil when it is gone.
    private func ticks(_ process: Int32) -> Int? {
        guard let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
            let tail = text.split(separator: ")").last
        else { return nil }
        let fields = tail.split(separator: " ")
        guard fields.first != "Z", fields.count > 12, let user = Int(fields[11]), let system = Int(fields[12]) else {
            return nil
        }
        return user + system
    }

    /// The probe below a shell.
    private func child(of shell: Int32) throws -> Int32 {
        let text = try String(contentsOfFile: "/proc/\(shell)/task/\(shell)/children", encoding: .utf8)
        return try #require(text.split(separator: " ").first.flatMap { Int32($0) })
    }

    @Test("keys, a paste and the cursor come through")
    func input() async throws {
        try await withProbe { screen in
            try await screen.press("Up", "j", "C-a", "M-x", "F5", "C-Left", "BTab")
            try await screen.waits { $0.contains("key shift+tab") }
            try await screen.paste("two\nlines q")
            let picture = try await screen.waits { $0.contains("paste") }
            for line in ["key up", "key j", "key ctrl+a", "key alt+x", "key f5", "key ctrl+left", "paste two/lines q"] {
                #expect(picture.contains(line))
            }
            #expect(try await screen.cursor() == GridPoint(x: 2, y: 2))
            #expect(try await screen.exitStatus() == nil)
        }
    }

    @Test("Esc alone is a key, at once")
    func escape() async throws {
        try await withProbe { screen in
            try await screen.press("Escape")
            try await screen.waits(within: .seconds(2)) { $0.contains("key esc") }
        }
    }

    @Test("wide characters and marks take the cells that the grid says")
    func wide() async throws {
        try await withProbe { screen in
            let picture = try await screen.text()
            #expect(picture.contains("wide 日本語 e\u{301} 한글 |"))
            let last = try #require(picture.split(separator: "\n").last)
            #expect(last.hasSuffix("#") && last.count == 80)
            #expect(picture.hasPrefix("size 80x24 depth 256 unicode true"))
        }
    }

    @Test(
        "colours fit the terminal",
        arguments: [
            ("tmux-256color", [:] as [String: String], "256", ["31mred", "94m blue", "38;5;208m orange"]),
            ("screen", [:], "8", ["31mred", "34m blue"]),
            ("tmux-256color", ["NO_COLOR": "1"], "none", ["size"]),
        ])
    func colors(terminal: String, environment: [String: String], depth: String, pieces: [String]) async throws {
        try await withProbe(environment: environment, terminal: terminal) { screen in
            let picture = try await screen.styledText()
            #expect(picture.contains("depth \(depth) "))
            for piece in pieces { #expect(picture.contains(piece), "\(piece.debugDescription)") }
            if depth == "none" {
                #expect(!picture.contains("31m"))
                #expect(picture.contains("1;7m"))
            }
        }
    }

    @Test("where the locale is not UTF-8, only ASCII is drawn")
    func ascii() async throws {
        try await withProbe(environment: ["LC_ALL": "C"]) { screen in
            let picture = try await screen.text()
            #expect(picture.contains("unicode false"))
            #expect(picture.contains("wide ? ? ? "))
            #expect(picture.utf8.count == picture.count)
        }
    }

    @Test("a resize is told and repainted, to smaller and to larger")
    func resize() async throws {
        try await withProbe { screen in
            for size in [
                GridSize(width: 50, height: 12), GridSize(width: 20, height: 6), GridSize(width: 120, height: 40),
            ] {
                try await screen.resize(size)
                let picture = try await screen.waits { picture in
                    picture.contains("size \(size.width)x\(size.height)".prefix(size.width))
                        && picture.split(separator: "\n", omittingEmptySubsequences: false).filter { $0.hasSuffix("#") }
                            .count == 1
                }
                #expect(picture.split(separator: "\n").last?.count == size.width)
            }
        }
    }

    @Test("Ctrl-Z gives the shell its terminal, fg brings the picture back")
    func suspend() async throws {
        try await withProbe(shell: true) { screen in
            try await screen.press("C-z")
            try await screen.waits(for: "the shell") { $0.contains("Stopped") }
            try await screen.type("stty -a | grep -c ' icanon'; echo at the shell")
            try await screen.press("Enter")
            try await screen.waits { $0.contains("1\nat the shell") }
            try await screen.type("fg")
            try await screen.press("Enter")
            try await screen.waits {
                $0.hasPrefix("size 80x24") && $0.contains("resumed 80x24") && !$0.contains("shell")
            }
            try await screen.press("q")
            try await screen.waits { $0.contains("probe ended after key q") }
        }
    }

    @Test("a lost terminal ends the program though SIGHUP is ignored, and nothing spins")
    func hangUp() async throws {
        try await withProbe(["ignore-hangup"]) { screen in
            let process = try await screen.processID()
            let before = try #require(ticks(process))
            screen.breakOff()
            var used = before
            try await eventually(within: .seconds(5), "the end of the program") {
                guard let now = ticks(process) else { return true }
                used = now
                return false
            }
            #expect(used - before < 30, "\(used - before) ticks")
        }
    }

    @Test("idling costs no processor time")
    func idle() async throws {
        try await withProbe { screen in
            try await screen.press("j")
            try await screen.waits { $0.contains("key j") }
            let process = try await screen.processID()
            // The key's own work may still be settling; a process that works while idle never has such two seconds.
            try await eventually(within: .seconds(12), "two seconds with one tick at most") {
                let before = try #require(ticks(process))
                let end = ContinuousClock.now + .seconds(2)
                try await eventually { ContinuousClock.now >= end }
                return try #require(ticks(process)) - before <= 1
            }
        }
    }

    @Test(
        "SIGTERM, SIGINT and SIGHUP from outside are events",
        arguments: [(SIGTERM, "SIGTERM"), (SIGINT, "SIGINT"), (SIGHUP, "SIGHUP")])
    func signals(number: Int32, name: String) async throws {
        try await withProbe(shell: true) { screen in
            kill(try child(of: try await screen.processID()), number)
            try await screen.waits { $0.contains("probe ended after terminate \(name)") }
        }
    }

    @Test("a crash leaves a sane terminal, a line of explanation and the report in a file", arguments: ["C", "S"])
    func crash(key: String) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("baton-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try await withProbe(["reports", folder.path], shell: true) { screen in
            try await screen.press(key)
            try await screen.waits(within: .seconds(30)) { $0.contains("the probe has crashed") }
            // Typed earlier, it would be lost: the report is still being written.
            let verdict = key == "C" ? "Illegal instruction" : "Segmentation fault"
            try await screen.waits(within: .seconds(60), for: "the shell") { $0.contains(verdict) }
            try await screen.type("echo status $?; stty -a | grep -c ' icanon.* echo '")
            try await screen.press("Enter")
            let picture = try await screen.waits(within: .seconds(60)) { $0.contains("\n1\n") }
            #expect(picture.contains(key == "C" ? "status 132" : "status 139") || picture.contains("status 133"))
            #expect(!picture.contains("Press space"))
            #expect(!picture.contains("size 80x24"))
            let report = try String(contentsOf: folder.appendingPathComponent("crash.log"), encoding: .utf8)
            #expect(report.contains("Thread 0"))
            // Its last line: one that breaks off leaves a reporter behind that waits for ever.
            #expect(report.contains("Backtrace took"))
        }
    }

    @Test("after kill -9 the shell's screen and its cursor are back")
    func killed() async throws {
        try await withProbe(shell: true) { screen in
            kill(try child(of: try await screen.processID()), SIGKILL)
            // What the shell says of it may come a moment too early, on the screen that is gone by then.
            let picture = try await screen.waits { $0.contains("curses-probe") && !$0.contains("Press space") }
            #expect(!picture.contains("size 80x24"))
            try await eventually("the cursor is shown") { try await screen.cursor() != nil }
        }
    }

    @Test("after kill -9 a shell that leaves the line alone takes input and shows it")
    func killedBelowPlainShell() async throws {
        try await withProbe(shell: true) { screen in
            kill(try child(of: try await screen.processID()), SIGKILL)
            try await screen.waits(for: "the shell") { $0.contains("curses-probe") && !$0.contains("Press space") }
            // Raw, the shell would neither see the end of the line nor show what is typed.
            try await screen.type("stty -a | tr ';' '\\n' | grep -c ' icanon'; echo the end")
            try await screen.press("Enter")
            let picture = try await screen.waits(for: "its answer") { $0.contains("\nthe end") }
            #expect(picture.contains("\n1\nthe end") && picture.contains("echo the end"))
        }
    }

    @Test("what a library writes to standard error goes to the log and not over the picture")
    func errors() async throws {
        let log = FileManager.default.temporaryDirectory.appendingPathComponent("baton-\(UUID().uuidString).log")
        defer { try? FileManager.default.removeItem(at: log) }
        try await withProbe(environment: ["PROBE_LOG": log.path]) { screen in
            try await screen.press("E")
            let picture = try await screen.waits { $0.contains("key E") }
            #expect(!picture.contains("complains"))
            #expect(try String(contentsOf: log, encoding: .utf8) == "a library complains\n")
        }
    }

    @Test(
        "a terminal that can only print, or that nobody knows, is refused with a way out",
        arguments: [
            ("dumb", "can only print"), ("no-such-terminal", "no description of the terminal"),
        ])
    func refused(terminal: String, words: String) async throws {
        try await withProbe(terminal: terminal, shell: true) { screen in
            try await screen.waits { $0.replacingOccurrences(of: "\n", with: "").contains(words) }
        }
    }
}

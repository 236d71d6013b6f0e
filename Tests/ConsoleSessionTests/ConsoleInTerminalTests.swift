import Foundation
import Lab
import TerminalKit
import TestSupport
import Testing

/// The real program in a real terminal, on real servers.
@Suite("The console in a terminal", .serialized)
struct ConsoleInTerminalTests {
    private func withConsole(
        shell: Bool = false, _ body: (TmuxScreen, Lab, _ addresses: [String: String]) async throws -> Void
    ) async throws {
        try await ConsoleOnLab.with(shell: shell) { console in
            try await body(console.screen, console.lab, console.addresses)
        }
    }

    @Test("shows a real tree, a killed server as broken at once, and its return")
    func killedServer() async throws {
        try await withConsole { screen, lab, addresses in
            let address = try #require(addresses["c"])
            let row = { (picture: String) in picture.split(separator: "\n").first { $0.contains(address) } ?? "" }
            try await lab.server("c").kill()
            try await screen.waits(within: .seconds(5), for: "the killed server") { picture in
                row(picture).contains("✖") && row(picture).contains("gone") && picture.contains("1 problem")
            }
            try await lab.server("c").start()
            try await screen.waits(within: .seconds(15), for: "its return") { picture in
                row(picture).contains("●") && picture.contains("no problems")
            }
        }
    }

    @Test("filter, detail, help and resizing work, and q leaves the shell as it was")
    func walk() async throws {
        try await withConsole(shell: true) { screen, _, addresses in
            let (source, leaf) = (try #require(addresses["a"]), try #require(addresses["c"]))
            let other = try #require(addresses["d"])
            try await screen.type("/")
            try await screen.type(String(leaf.suffix(5)))
            // The event line below the tree may name any server.
            let rows = { (picture: String) in picture.split(separator: "\n").dropLast(2).joined(separator: "\n") }
            try await screen.waits(for: "the filtered tree") { picture in
                rows(picture).contains(leaf) && rows(picture).contains(source) && !rows(picture).contains(other)
            }
            try await screen.press("Enter", "Enter")
            try await screen.waits(for: "the detail page") { $0.contains("replica of") && $0.contains("answers since") }
            try await screen.press("Escape")
            try await screen.waits(for: "the tree again") { !$0.contains("replica of") }
            try await screen.press("Escape")
            try await screen.waits(for: "the whole tree") { rows($0).contains(other) }
            try await screen.press("?")
            try await screen.waits(for: "the keys of the tree") { $0.contains("fold the branch") }
            try await screen.press("Escape")
            try await screen.resize(GridSize(width: 130, height: 40))
            try await screen.waits(for: "the detail beside the tree") { $0.contains("replica of") }
            try await screen.resize(GridSize(width: 36, height: 9))
            try await screen.waits(for: "the request for room") { $0.contains("baton needs more room") }
            try await screen.resize(GridSize(width: 80, height: 24))
            try await screen.waits(for: "the tree again") { $0.contains(leaf) && $0.contains("q quit") }
            try await screen.press("q")
            try await screen.waits(for: "the shell") { $0.contains("shell>") && !$0.contains("q quit") }
            try await screen.type("clear; stty -a")
            try await screen.press("Enter")
            try await screen.waits(for: "a sane terminal") { picture in
                ["icanon", "isig", "iexten", "opost"].allSatisfy { picture.contains($0) && !picture.contains("-\($0)") }
                    && picture.contains(" echo ")
            }
            try await screen.type("echo status $?")
            try await screen.press("Enter")
            try await screen.waits(for: "that the shell takes input") { $0.contains("status 0") }
        }
    }

    @Test("a long answer is read in full, and a stop by Ctrl-Z counts as no poll interval")
    func longAnswerAndStop() async throws {
        try await withConsole(shell: true) { screen, lab, addresses in
            let path = "/nowhere/" + String(repeating: "a-long-folder/", count: 7) + "fleet.json"
            try await screen.type(":snapshot save \(path)")
            try await screen.press("Enter")
            let isWhole = { (picture: String) in
                picture.split { $0.isWhitespace || $0 == "│" }.joined().contains(path + "cannotbewritten")
            }
            try await screen.waits(for: "the whole answer", until: isWhole)
            try await screen.press("@")
            try await screen.waits(for: "it in the list of messages") { $0.contains("┌ messages") && isWhole($0) }
            try await screen.press("Escape")
            try await screen.waits(for: "the tree again") { !$0.contains("┌ messages") }
            // Only who was polled a few times has an interval that the stop could lengthen.
            try await screen.press("Enter")
            try await screen.waits(for: "a few polls") { $0.contains(/answers since .*, ([3-9]|[1-9][0-9]) s ago/) }
            try await screen.press("Escape")
            try await screen.waits(for: "the tree once more") { !$0.contains("answers since") }
            try await screen.press("C-z")
            try await screen.waits(for: "the shell") { $0.contains("shell>") && !$0.contains("q quit") }
            // The stop has to last: its length is what must not show.
            try await screen.type("sleep 8; fg")
            try await screen.press("Enter")
            try await screen.waits(within: .seconds(30), for: "the console again") { $0.contains("q quit") }
            try await lab.server("c").kill()
            let address = try #require(addresses["c"])
            // The first intervals after the stop were measured by then.
            let picture = try await screen.waits(within: .seconds(30), for: "news from after the stop") { picture in
                picture.split(separator: "\n").contains { $0.contains(address) && $0.contains("gone") }
            }
            let kept = try #require(picture.firstMatch(of: /⟳ ([0-9.]+) s/)?.1)
            // Half of it is far from what a busy machine is late by.
            #expect(try #require(Double(kept)) < 4, "\(picture)")
        }
    }

    @Test("ends when its terminal vanishes, and does not spin")
    func hangsUp() async throws {
        try await withConsole { screen, _, _ in
            let process = try await screen.processID()
            screen.breakOff()
            try await eventually(within: .seconds(10), "the console ends") { Self.hasEnded(process) }
        }
    }

    @Test("ends in order when it is asked to, and leaves the terminal sane")
    func terminates() async throws {
        try await withConsole { screen, _, _ in
            let process = try await screen.processID()
            #expect(kill(process, SIGTERM) == 0)
            try await eventually(within: .seconds(10), "the console ends") { Self.hasEnded(process) }
            // tmux may be late to collect it; until then the system keeps how it ended.
            let status = try await eventually(
                within: .seconds(10), "somebody tells how",
                value: {
                    if let status = Self.uncollectedStatus(of: process) { return status }
                    return try await screen.exitStatus()
                })
            #expect(status == 128 + 15)
        }
    }

    @Test("paints the last known tree at once when no server answers any more")
    func remembers() async throws {
        try await withConsole(shell: true) { screen, lab, addresses in
            // What was seen last is written on the way out.
            try await screen.press("q")
            try await screen.waits(for: "the shell") { $0.contains("shell>") && !$0.contains("q quit") }
            for server in lab.servers { try await server.kill() }
            let program = try #require(BuiltProduct.path(of: "baton"))
            try await screen.type("clear; '\(program)' --defaults-file '\(lab.clientOptionFile)'")
            try await screen.press("Enter")
            try await screen.waits(within: .seconds(5), for: "the remembered tree") { picture in
                addresses.values.allSatisfy { picture.contains($0) }
            }
            try await screen.waits(within: .seconds(10), for: "that all are gone") { $0.contains("4 problems") }
        }
    }

    /// Whether a process runs no more, collected by its parent or not.
    static func hasEnded(_ process: Int32) -> Bool {
        kill(process, 0) != 0 || uncollectedStatus(of: process) != nil
    }

    /// The processes that one has begun, by any of its threads (proc(5), `children`).
    static func children(of process: Int32) throws -> [Int32] {
        try FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/task").flatMap { thread in
            let text = try String(contentsOfFile: "/proc/\(process)/task/\(thread)/children", encoding: .utf8)
            return text.split(separator: " ").compactMap { Int32($0) }
        }
    }

    /// The exit status of a process that has ended and that nobody has collected: the last field of proc(5)'s `stat`.
    private static func uncollectedStatus(of process: Int32) -> Int? {
        guard let stat = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
            let end = stat.lastIndex(of: ")")
        else { return nil }
        let fields = stat[stat.index(after: end)...].split(whereSeparator: \.isWhitespace)
        guard fields.first == "Z", let last = fields.last, let status = Int(last) else { return nil }
        return status & 0x7f == 0 ? status >> 8 : 128 + (status & 0x7f)
    }
}

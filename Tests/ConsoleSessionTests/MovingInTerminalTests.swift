import Foundation
import Lab
import Servers
import TerminalKit
import TestSupport
import Testing

/// Replicas of real servers, moved with keys in a real terminal.
@Suite("Moving replicas in a terminal", .serialized)
struct MovingInTerminalTests {
    /// Puts the cursor on a server of the tree.
    private func goTo(_ name: String, _ console: ConsoleOnLab, _ screen: TmuxScreen) async throws {
        try await screen.type(":instance \(try console.address(name))")
        try await screen.press("Enter")
    }

    /// Picks a server up and drops it on another: the plan is on the screen then.
    private func drop(_ name: String, on target: String, _ console: ConsoleOnLab) async throws {
        let screen = console.screen
        try await goTo(name, console, screen)
        try await screen.press("m")
        let address = try console.address(target)
        try await screen.waits(for: "the verdicts") { picture in
            picture.split(separator: "\n").contains { $0.contains(address) && $0.contains("mariadb-gtid") }
        }
        for _ in 0..<4 {
            try await screen.press("n")
            let picture = try await screen.waits(for: "a place that fits") { $0.contains("would stand here") }
            let rows = picture.split(separator: "\n").map(String.init)
            if let ghost = rows.firstIndex(where: { $0.contains("would stand here") }),
                rows[ghost - 1].contains(address)
            {
                break
            }
        }
        try await screen.press("Enter")
        try await screen.waits(for: "the plan") { $0.contains("nothing is done before you press y") }
    }

    @Test("pick up, illegal drop answered, legal drop, plan, confirm, progress, result in the tree, undo")
    func whole() async throws {
        try await ConsoleOnLab.with { console in
            let screen = console.screen
            try await goTo("b", console, screen)
            try await screen.press("m")
            try await screen.waits(for: "what goes along") { $0.contains("goes along") && $0.contains("with 1 below") }
            try await screen.press("Down")
            try await screen.waits(for: "the ghost that cannot stand there") { $0.contains("cannot go here") }
            try await screen.press("Enter")
            try await screen.waits(for: "the rule") { $0.contains("(move.cycle)") && $0.contains("would help") }
            try await screen.press("Escape")
            try await screen.waits(for: "the drag again") { $0.contains("enter drop") }
            try await screen.press("Escape")
            try await screen.waits(for: "nothing") { $0.contains("nothing was moved") }

            try await drop("b", on: "d", console)
            try await screen.press("Enter")
            try await screen.waits(for: "that Enter does not confirm") { $0.contains("nothing was done") }
            try await screen.press("y")
            try await screen.waits(for: "the result") { $0.contains("done and verified") }
            try await screen.press("Escape")
            try await screen.waits(for: "the new tree") { try console.stands("b", below: "d", in: $0) }

            try await screen.press("u")
            try await screen.waits(for: "the plan that takes it back") { picture in
                (picture.contains("Take back") || picture.contains("Undo: "))
                    && picture.contains("nothing is done before you press y")
            }
            try await screen.press("y")
            try await screen.waits(for: "that it is taken back") { $0.contains("done and verified") }
            try await screen.press("Escape")
            try await screen.waits(for: "the old tree") { try console.stands("b", below: "a", in: $0) }
            try await screen.press("O")
            try await screen.waits(for: "the journal") { $0.contains("taken back") && $0.contains("done") }
        }
    }

    /// Keeps d from applying what its source writes for some seconds, moves b below d meanwhile, and gives `body` the
    /// time in which the plan waits for d to have what b has.
    private func whileItWaits(_ console: ConsoleOnLab, _ body: () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                _ = try await console.lab.server("d").execute(
                    "FLUSH TABLES WITH READ LOCK", "SELECT SLEEP(12)", timeout: .seconds(60))
            }
            try await eventually(within: .seconds(5), "the lock is held") {
                let rows = try await console.lab.server("d").execute(
                    "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE INFO = 'SELECT SLEEP(12)'")
                return rows.last?.text(row: 0, column: 0) == "1"
            }
            _ = try await console.lab.server("a").execute("CREATE DATABASE held_up")
            try await drop("b", on: "d", console)
            try await console.screen.press("y")
            try await console.screen.waits(for: "the step that waits") { $0.contains("step 2 of 4") }
            try await body()
            try await group.waitForAll()
        }
    }

    @Test("killed with SIGKILL within an operation, the next start offers it, and resuming brings it to its end")
    func killed() async throws {
        try await ConsoleOnLab.with { console in
            try await whileItWaits(console) {
                let process = try await console.screen.processID()
                #expect(kill(process, SIGKILL) == 0)
            }
            try await console.again { screen in
                try await screen.waits(within: .seconds(20), for: "the offer") { picture in
                    picture.contains("did not come to its end")
                }
                try await screen.waits(within: .seconds(20), for: "the servers") { picture in
                    // A replica that was stopped in mid-plan is listed by no source until it replicates again.
                    try picture.contains(console.address("d")) && !picture.contains("REMEMBERED")
                }
                try await screen.press("O")
                try await screen.waits(for: "the list") { $0.contains("┌ operations") && $0.contains("interrupted") }
                try await screen.press("Enter")
                try await screen.waits(for: "the choices") { $0.contains("R resume") && $0.contains("interrupted") }
                try await screen.press("R")
                try await screen.waits(within: .seconds(20), for: "the rest of it") { picture in
                    picture.contains("nothing is done before you press y")
                }
                try await screen.press("y")
                try await screen.waits(within: .seconds(20), for: "its end") { $0.contains("done and verified") }
                try await screen.press("Escape", "Escape")
                try await screen.waits(for: "the new tree") { try console.stands("b", below: "d", in: $0) }
            }
        }
    }

    @Test("after a hang-up the operation goes on without a screen, to its end")
    func hangUp() async throws {
        try await ConsoleOnLab.with { console in
            let process = try await console.screen.processID()
            try await whileItWaits(console) {
                let guards = try ConsoleInTerminalTests.children(of: process)
                try #require(!guards.isEmpty, "nobody guards the terminal")
                console.screen.breakOff()
                try await eventually("the console has left its terminal") {
                    guards.allSatisfy(ConsoleInTerminalTests.hasEnded)
                }
                #expect(!ConsoleInTerminalTests.hasEnded(process))
            }
            try await eventually(within: .seconds(30), "the process ends by itself") {
                ConsoleInTerminalTests.hasEnded(process)
            }
            try await console.again { screen in
                try await screen.waits(within: .seconds(20), for: "the new tree") { picture in
                    try !picture.contains("REMEMBERED") && console.stands("b", below: "d", in: picture)
                }
                try await screen.press("O")
                try await screen.waits(for: "the operation that came to its end") { $0.contains("✓ 1") }
            }
        }
    }

    @Test("a replica is dragged with the mouse, and a key confirms")
    func mouse() async throws {
        try await ConsoleOnLab.with(options: ["--mouse"]) { console in
            let screen = console.screen
            let row = { (picture: String, name: String) in
                try #require(
                    picture.split(separator: "\n", omittingEmptySubsequences: false).firstIndex {
                        $0.contains(try console.address(name))
                    })
            }
            let report = { (code: Int, row: Int, end: String) in "\u{1B}[<\(code);12;\(row + 1)\(end)" }
            let picture = try await screen.text()
            try await screen.type(report(0, try row(picture, "c"), "M"))
            try await screen.type(report(32, try row(picture, "d"), "M"))
            let held = try await screen.waits(for: "the ghost") { $0.contains("would stand here") }
            try await screen.type(report(0, try row(held, "d"), "m"))
            try await screen.waits(for: "the plan") { $0.contains("nothing is done before you press y") }
            try await screen.press("y")
            try await screen.waits(for: "the result") { $0.contains("done and verified") }
            try await screen.press("Escape")
            try await screen.waits(for: "the new tree") { try console.stands("c", below: "d", in: $0) }
        }
    }

    @Test("a read-only console says so and picks nothing up")
    func readOnly() async throws {
        try await ConsoleOnLab.with(options: ["--read-only"]) { console in
            try await goTo("b", console, console.screen)
            try await console.screen.press("m")
            try await console.screen.waits(for: "the refusal") { picture in
                picture.contains("READ-ONLY") && picture.contains("nothing may be changed")
            }
        }
    }
}

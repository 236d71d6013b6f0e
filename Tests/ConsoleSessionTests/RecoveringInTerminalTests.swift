import Lab
import Servers
import TerminalKit
import TestSupport
import Testing

/// A primary that is killed, and what an operator does about it with keys in a real terminal.
@Suite("Recovering in a terminal", .serialized)
struct RecoveringInTerminalTests {
    @Test("the primary is killed: banner, evidence, candidates, plan, typed name, promoted, and found in the list")
    func failover() async throws {
        try await ConsoleOnLab.with { console in
            let screen = console.screen
            try await console.lab.server("a").kill()
            let banner = try await screen.waits(within: .seconds(20), for: "the banner") { picture in
                picture.contains("dead primary") && picture.contains("f recover")
            }
            #expect(banner.contains(try console.address("a")))
            try await screen.press("f")
            try await screen.waits(for: "what happened") {
                $0.contains("[1 what happened]") && $0.contains("primary.dead")
            }
            try await screen.press("2")
            let b = try console.address("b")
            try await screen.waits(for: "the candidates") { picture in
                picture.contains("[2 who takes over]") && picture.contains(b) && picture.contains("verdict")
            }
            let d = try console.address("d")
            // The cursor is on the best; whichever that is, d is chosen.
            try await screen.press("Home")
            let table = try await screen.waits(for: "both of them") { $0.contains(b) && $0.contains(d) }
            let rows = table.split(separator: "\n").map(String.init)
            if let first = rows.firstIndex(where: { $0.contains(" 1 ") && ($0.contains(b) || $0.contains(d)) }),
                !rows[first].contains(d)
            {
                try await screen.press("Down")
            }
            try await screen.press("Enter")
            try await screen.waits(for: "the plan for it") { picture in
                picture.contains("[3 the plan]") && picture.contains("takes over") && picture.contains(d)
                    && picture.contains("nothing is done before you press y")
            }
            try await screen.press("y")
            try await screen.waits(for: "the question") { $0.contains("type ") && $0.contains(" to confirm") }
            // The cluster has no alias: it is called like its primary.
            try await screen.type(try console.address("a"))
            try await screen.press("Enter")
            try await screen.waits(within: .seconds(60), for: "the result") { $0.contains("done and verified") }
            let row = try await console.lab.server("d").execute("SELECT @@read_only")
            #expect(row.last?.text(row: 0, column: 0) == "0")
            try await screen.press("F")
            try await screen.waits(within: .seconds(20), for: "the record") { picture in
                picture.contains("┌ recoveries") && picture.contains("failover of") && picture.contains("done")
            }
        }
    }

    private static let configuration = """
        [operations]
        replication-password-variable = "\(LabAccounts.replicationPasswordVariable)"

        [hooks]
        pre-switchover = ["echo the proxy knows"]
        post-intermediate-failover = ["echo told; exit 3"]
        """

    /// Goes to the plan, and carries it out.
    private func confirm(_ name: String, on screen: TmuxScreen, plan: String) async throws {
        try await screen.press("3")
        try await screen.waits(within: .seconds(20), for: "the plan") { picture in
            picture.contains("[3 the plan]") && picture.contains("nothing is done before you press y")
                && picture.contains(plan)
        }
        try await screen.press("y")
        try await screen.waits(for: "the question") { $0.contains("type ") && $0.contains(" to confirm") }
        try await screen.type(name)
        try await screen.press("Enter")
        try await screen.waits(within: .seconds(60), for: "the result") { $0.contains("done and verified") }
    }

    private func backToTree(_ screen: TmuxScreen) async throws {
        for _ in 0..<5 { try await screen.press("Escape") }
        try await screen.waits(for: "the tree") { $0.contains("enter open") && $0.contains("rw   ") }
    }

    @Test(
        "an intermediate source dies, a switchover is made, and a primary that was given up comes back: by the same pages"
    )
    func others() async throws {
        try await ConsoleOnLab.with(configuration: Self.configuration) { console in
            let screen = console.screen
            let (a, d) = (try console.address("a"), try console.address("d"))
            // Servers that never wrote anything cannot be compared.
            _ = try await console.lab.server("a").execute("CREATE DATABASE shop")
            // c has b as its source, and b dies.
            try await console.lab.server("b").kill()
            try await screen.waits(within: .seconds(30), for: "the banner") { picture in
                picture.contains("dead source") && picture.contains("f recover")
            }
            try await screen.press("f")
            try await screen.waits(for: "what happened") { $0.contains("[1 what happened]") }
            try await confirm(a, on: screen, plan: "exit 3 (post-intermediate-failover")
            try await screen.waits(within: .seconds(10), for: "the hook's end") { picture in
                picture.contains("failed with exit code 3")
            }
            try await backToTree(screen)
            try await screen.waits(within: .seconds(10), for: "c at its new place") {
                try console.stands("c", below: "a", in: $0) || console.stands("c", below: "d", in: $0)
            }

            // d takes over from a, which lives.
            try await screen.type(":instance \(d)")
            try await screen.press("Enter")
            try await screen.press("s")
            try await screen.waits(within: .seconds(20), for: "the checks") { picture in
                picture.contains("[1 checks]") && picture.contains("it can be done")
            }
            try await confirm(a, on: screen, plan: "echo the proxy knows (pre-switchover")
            let row = try await console.lab.server("a").execute("SELECT @@read_only")
            #expect(row.last?.text(row: 0, column: 0) == "1")
            try await backToTree(screen)
            try await screen.waits(within: .seconds(10), for: "the new tree") {
                try console.stands("a", below: "d", in: $0)
            }

            // d dies, a takes over again, and d comes back: writable.
            try await console.lab.server("d").kill()
            try await screen.waits(within: .seconds(30), for: "the banner") { $0.contains("dead primary") }
            try await screen.press("f")
            try await screen.waits(for: "what happened") { $0.contains("primary.dead") }
            try await confirm(d, on: screen, plan: "takes over")
            try await backToTree(screen)
            try await console.lab.server("d").start()
            _ = try await console.lab.server("d").execute("SET GLOBAL read_only = 0")
            try await screen.waits(within: .seconds(30), for: "that it is back") { picture in
                picture.contains("two writable servers") && picture.contains("f recover")
            }
            try await screen.press("f")
            try await screen.waits(within: .seconds(20), for: "what it has") { picture in
                picture.contains("[1 what it has]") && picture.contains("it can come back")
            }
            try await screen.press("n")
            try await screen.waits(for: "the plan to fence it") { $0.contains("end its clients' sessions") }
            try await screen.press("y")
            try await screen.waits(within: .seconds(10), for: "that nobody writes on it") { picture in
                picture.contains("done and verified") && picture.contains("is back, read-only")
            }
            try await backToTree(screen)
            try await screen.press("f")
            try await screen.waits(within: .seconds(20), for: "what it has, read-only") { picture in
                picture.contains("[1 what it has]") && picture.contains("it can come back")
            }
            try await confirm(d, on: screen, plan: "the primary now")
            let back = try await console.lab.server("d").execute("SELECT @@read_only")
            #expect(back.last?.text(row: 0, column: 0) == "1")
        }
    }
}

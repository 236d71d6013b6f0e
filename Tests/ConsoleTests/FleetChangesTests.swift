import Engine
import Storage
import TestSupport
import Testing
import Topology

@testable import Console

@Suite("A console whose fleet changes")
struct FleetChangesTests {
    @Test("a pause holds the picture still, says so, and goes on with the newest state")
    func pauses() throws {
        var console = ConsoleScript(.healthy)
        try console.press("P")
        console.pass(.testNow + .seconds(5))
        let before = console.text()
        #expect(before.contains("PAUSED"))
        console.show(.troubled)
        console.pass(.testNow + .seconds(9))
        #expect(console.text() == before)
        try console.press("P")
        #expect(console.shown.count == 5)
    }

    @Test("ages grow with time, and a snapshot's stand still")
    func ages() throws {
        var live = ConsoleScript(.troubled)
        live.pass(.testNow + .seconds(20))
        #expect(try #require(live.line(containing: "db5.fra:3306  ")).contains("gone 31 s"))
        var fixed = ConsoleScript(.troubled, origin: .snapshot(path: "f.json", taken: .testNow))
        fixed.pass(.testNow + .seconds(20))
        #expect(try #require(fixed.line(containing: "db5.fra:3306  ")).contains("gone 11 s"))
    }

    @Test("what happens is told in the event line and listed, newest first")
    func events() throws {
        var console = ConsoleScript(.healthy)
        var fleet = Fleet.healthy
        fleet.update(Instance.replica("db3", of: "db2").unreachable())
        console.show(fleet)
        #expect(console.text().contains("cannot be reached"))
        fleet.update(.replica("db3", of: "db2"))
        console.show(fleet)
        try console.press("e")
        #expect(console.effects == [.readEvents])
        let page = try #require(console.state.screen as? EventsScreen)
        #expect(page.shown.count >= 2)
        #expect(page.shown[0].number > page.shown[1].number)
    }

    @Test("an instance is called by its alias too, in the event line, in the lists and in the frame of its details")
    func aliases() throws {
        var fleet = Fleet.healthy
        var instance = Instance.replica("db3", of: "db2")
        instance.alias = "reporting"
        fleet.update(instance)
        var console = ConsoleScript(fleet)
        fleet.update(instance.unreachable())
        console.show(fleet)
        #expect(console.text().contains("db3:3306 reporting  cannot be reached"))
        for page in ["e", "p"] {
            try console.press(page, "/")
            console.type("reporting")
            try console.press("enter")
            #expect(console.line(containing: "│ ✖") != nil, "\(page)")
            #expect(console.text().contains("db3:3306 reporting  "), "\(page)")
            #expect(console.text().contains("┌ db3:3306 reporting ─"), "\(page)")
        }
        try console.press("enter", "enter")
        #expect(console.text().contains("┌ ✖ db3:3306 reporting broken ─"))
    }

    @Test("a long event can be read in full below the list")
    func longEvents() throws {
        var console = ConsoleScript(.healthy)
        let words = "is another server now: " + String(repeating: "server_uuid and more, ", count: 8) + "to the end"
        _ = console.state.reduce(.events([Event(at: .testNow - .seconds(90_000), kind: .replaced, text: words)]))
        try console.press("e")
        let shown = console.text().split { $0.isWhitespace || $0 == "│" }.joined(separator: " ")
        #expect(shown.contains(words))
        #expect(shown.contains("02-28 11:00"), "the day of what is not of today: \(shown)")
        #expect(shown.contains("2026-02-28 11:00:00, 25 h ago"))
    }

    @Test("co-primaries that are both writable are both marked, and counted and listed as one problem")
    func coPrimaries() throws {
        var console = ConsoleScript(
            Fleet([
                .replica("db1", of: "db2", writability: .writable), .replica("db2", of: "db1", writability: .writable),
            ]), width: 120)
        for name in ["db1:3306", "db2:3306"] {
            let row = try #require(console.line(containing: "● \(name) ⇄"))
            #expect(row.contains("rw!") && row.contains("two writable"), "\(row)")
        }
        try console.press("!")
        #expect(console.shown == ["db1", "db2"])
        try console.press("end", "enter")
        #expect(try #require(console.line(containing: "│ role")).contains("co-primary, 1 replica"))
        #expect(console.text().contains("db1:3306 is a co-primary of db2:3306, and both are writable"))
        try console.press("p")
        #expect((console.state.screen as? ProblemsScreen)?.shown.count == 1)
    }

    @Test("coming back from a stop tells those who measure")
    func comesBack() {
        var console = ConsoleScript(.healthy)
        #expect(console.state.reduce(.resumed(console.state.model.size)) == [.stoodStill])
        #expect(console.state.reduce(.resized(console.state.model.size)) == [])
    }

    @Test("events of the store stand before those that this console saw, and none stands twice")
    func pastEvents() throws {
        var console = ConsoleScript(.healthy)
        var fleet = Fleet.healthy
        fleet.update(Instance.replica("db3", of: "db2").unreachable())
        console.show(fleet)
        let own = console.state.model.known.events.count
        let past = Event(at: .testNow - .seconds(60), kind: .found, address: "db1", text: "was found")
        let same = Event(at: .testNow, kind: .unreachable, address: "db3", text: "cannot be reached")
        for _ in 0..<2 { _ = console.state.reduce(.events([past, same])) }
        #expect(console.state.model.known.events.count == own + 1)
        #expect(console.state.model.known.events.first?.event == past)
    }

    @Test("the lag of a replica is kept for the sparkline, within bounds")
    func history() throws {
        var console = ConsoleScript(.healthy)
        for second in 1...200 {
            console.pass(.testNow + .seconds(second))
            console.show(Fleet([.source("db1"), .replica("db2", of: "db1", lag: .seconds(second))]))
        }
        let history = try #require(console.state.model.known.histories["db2"])
        #expect(history.samples.count == LagHistory.capacity)
        #expect(history.samples.last == .some(200))
        #expect(history.heights(width: 3).last == .some(7))
    }

    @Test("a replica that stopped has no lag, but a gap in its history and the word for it")
    func gap() throws {
        var console = ConsoleScript(.healthy)
        console.pass(.testNow + .seconds(2))
        console.show(Fleet([.source("db1"), Instance.replica("db2", of: "db1").withChannel { $0.applier = .stopped }]))
        #expect(console.state.model.known.histories["db2"]?.samples.last == .some(nil))
        #expect(try #require(console.line(containing: "db2:3306")).contains("SQL stopped"))
        #expect(!console.text().contains("NULL"))
    }

    @Test("below the smallest size only quit, suspend and resize work")
    func tooSmall() throws {
        var console = ConsoleScript(.healthy, width: 30, height: 8)
        try console.press("down", "/", "p", "?")
        #expect(console.state.pages.isEmpty)
        #expect(console.state.prompt == nil)
        #expect(console.text().contains("40 x 10"))
        #expect(console.text().contains("30 x 8"))
        try console.press("q")
        #expect(console.effects == [.quit])
        console.resize(width: 80, height: 24)
        #expect(console.selected == "db1")
    }

    @Test("the cursor stays in view when the screen shrinks")
    func shrinks() throws {
        var console = ConsoleScript(.deep)
        try console.press("end")
        console.resize(width: 60, height: 12)
        #expect(console.line(containing: "chain29:3306") != nil)
    }

    @Test("servers' texts cannot steer the terminal")
    func hostile() throws {
        var fleet = Fleet.healthy
        fleet.setClusterAlias("evil\u{1B}[2J\u{202E}", of: "db1")
        var console = ConsoleScript(fleet)
        #expect(!console.text().unicodeScalars.contains { $0.value == 0x1B || $0.value == 0x202E })
        try console.press("c")
        #expect(!console.text().unicodeScalars.contains { $0.value == 0x1B || $0.value == 0x202E })
    }
}

import Engine
import Operations
import Refactoring
import Storage
import TerminalKit
import TestSupport
import Testing
import Topology

@testable import Console

/// A console with the plan open that moves db4 below db5.
private func planning() throws -> ConsoleScript {
    var console = ConsoleScript(.movable)
    try console.press("down", "down", "m", "n", "enter")
    return console
}

extension ConsoleScript {
    /// The operation that the last keys began.
    fileprivate var begun: (number: Int, deed: Deed, reason: String)? {
        effects.lazy.compactMap { effect in
            if case .act(let number, let deed, let reason) = effect { (number, deed, reason) } else { nil }
        }.first
    }
}

@Suite("A plan before it is carried out")
struct PlanScreenTests {
    @Test("shows method, statements, the trees before and after, and how long replication stands still")
    func shows() throws {
        let console = try planning()
        let text = console.text()
        #expect(text.contains("Move db4.fra:3306 below db5.fra:3306"))
        #expect(text.contains("method      gtid"))
        #expect(text.contains("CHANGE REPLICATION SOURCE TO SOURCE_HOST = 'db5.fra'"))
        #expect(text.contains("before") && text.contains("after"))
        #expect(text.contains("standstill  db4.fra:3306 within step 1, milliseconds as a rule, 10 s at most"))
    }

    @Test("only y runs it: not Enter, which opened it, not a paste, not what was typed ahead")
    func confirmation() throws {
        var console = try planning()
        #expect(console.effects.contains(.discardTypeAhead))
        try console.press("enter")
        #expect(console.begun == nil)
        console.paste("y")
        #expect(console.begun == nil)
        try console.press("y")
        let begun = try #require(console.begun)
        guard case .run(let plan) = begun.deed else {
            Issue.record("it is no plan that was begun")
            return
        }
        #expect(plan.intent == "Move db4.fra:3306 below db5.fra:3306")
    }

    @Test("keys that were typed before the plan was seen do not confirm it")
    func typeAhead() throws {
        var console = ConsoleScript(.movable)
        try console.press("down", "down", "m", "n")
        var state = console.state
        let effects = ConsoleSession.reduce([.key(.named(.enter)), .key(.character("y"))], &state)
        #expect(effects.contains(.discardTypeAhead))
        #expect(!effects.contains { if case .act = $0 { true } else { false } })
    }

    @Test("where a rule asks for confirmation, the server's name has to be typed")
    func name() throws {
        var console = ConsoleScript(.movable)
        try console.press("down", "down", "m", "N", "N")
        #expect(console.selected == "db9.fra")
        try console.press("enter", "y")
        #expect(console.begun == nil)
        #expect(console.text().contains("type db4.fra to confirm"))
        console.paste("db4.fra")
        try console.press("enter")
        #expect(console.begun == nil, "a paste counts as nothing")
        try console.press("y")
        console.type("db5.fra")
        try console.press("enter")
        #expect(console.begun == nil)
        #expect(try #require(console.state.notice).sentence.contains("db5.fra"))
        try console.press("y")
        console.type("db4.fra")
        try console.press("enter")
        #expect(console.begun != nil)
    }

    @Test("a reason is typed and goes to the journal")
    func reason() throws {
        var console = try planning()
        try console.press("r")
        console.type("rack 7 goes down")
        try console.press("enter")
        #expect(console.text().contains("rack 7 goes down"))
        try console.press("y")
        #expect(console.begun?.reason == "rack 7 goes down")
    }

    @Test("d writes it to files, as text and as JSON")
    func save() throws {
        var console = try planning()
        try console.press("d")
        guard case .write(let path, let text)? = console.effects.first else {
            Issue.record("nothing is written")
            return
        }
        #expect(path == "baton-relocate-db4.fra-3306.txt")
        #expect(text.contains("CHANGE REPLICATION SOURCE TO"))
        guard case .write("baton-relocate-db4.fra-3306.json", let json)? = console.effects.last else {
            Issue.record("no JSON is written: \(console.effects)")
            return
        }
        #expect(try JSON(parsing: Array(json.utf8))["verb"] == .string("relocate"))
    }

    @Test("Esc goes back to the drag")
    func back() throws {
        var console = try planning()
        try console.press("esc")
        #expect(console.state.pages.isEmpty)
        #expect(console.state.tree.carry != nil)
    }

    @Test("a fleet that changes under it makes it anew, which is said, and a y that was under way does not count")
    func changes() throws {
        var console = try planning()
        var fleet = Fleet.movable
        fleet.update(.replica("db4.fra", of: "db3.ams", executed: "3e11fa47-71ca-11e1-9e33-c80aa9429562:1-88213"))
        console.pass(.testNow + .seconds(2))
        console.show(fleet)
        #expect(console.text().contains("The fleet has changed"))
        #expect(console.effects.contains(.discardTypeAhead))
    }

    @Test("a plan that becomes another while the name is typed takes the question away, and nothing is done")
    func changesUnderName() throws {
        var console = ConsoleScript(.movable)
        try console.press("down", "down", "m", "N", "N", "enter", "y")
        console.type("db4.fr")
        guard case .confirmation? = console.state.prompt else {
            Issue.record("no name is asked for")
            return
        }
        var fleet = Fleet.movable
        fleet.update(.replica("db4.fra", of: "db3.ams", executed: "3e11fa47-71ca-11e1-9e33-c80aa9429562:1-88213"))
        console.pass(.testNow + .seconds(2))
        console.show(fleet)
        #expect(console.state.prompt == nil)
        #expect(try #require(console.state.notice).sentence.contains("the plan has changed"))
        try console.press("enter")
        #expect(console.begun == nil)
    }

    @Test("a fleet in which only lag moves leaves it as it is")
    func lag() throws {
        var console = try planning()
        var fleet = Fleet.movable
        fleet.update(
            .replica(
                "db4.fra", of: "db2.ams", executed: "3e11fa47-71ca-11e1-9e33-c80aa9429562:1-88213", lag: .seconds(2)))
        console.pass(.testNow + .seconds(2))
        console.show(fleet)
        #expect(!console.text().contains("The fleet has changed"))
    }

    @Test("a target that dies while it is looked at takes the plan away, with the reason")
    func dies() throws {
        var console = try planning()
        var fleet = Fleet.movable
        fleet.update(Instance.replica("db5.fra", of: "db2.ams").unreachable())
        console.pass(.testNow + .seconds(2))
        console.show(fleet)
        #expect(console.text().contains("this cannot be done"))
        try console.press("y")
        #expect(console.begun == nil)
    }
}

@Suite("Everything that can be done with one server")
struct ActionsTests {
    @Test("the menu says of each whether it can be done now, and why not")
    func menu() throws {
        var console = ConsoleScript(.movable)
        try console.press("down", "o")
        #expect(try #require(console.line(containing: "make-co-primary")).contains("✓"))
        #expect(try #require(console.line(containing: "take-source")).contains("✗"))
        #expect(console.text().contains("would help"))
        try console.press("down", "enter")
        #expect(console.state.screen is PlanScreen)
        #expect(console.text().contains("move-up-replicas") || console.text().contains("Move"))
    }

    @Test("every operation of the planner has a command of the same word", arguments: WishForm.all.map(\.word))
    func commands(word: String) throws {
        let form = try #require(WishForm.all.first { $0.word == word })
        var texts = ["db4.fra"]
        switch form.arguments {
        case .replicaAndTarget, .serverAndTarget: texts.append("db1.ams")
        case .replicaAndSeconds, .serverAndConnection: texts.append("7")
        case .serverAndFile: texts.append("binlog.000002")
        case .serverSideAndState: texts += ["replica", "on"]
        case .replica, .server, .replicaAndOptionalTarget: break
        }
        var console = ConsoleScript(.movable)
        #expect(try form.wish(texts, console.state.model).verb == word)
        try console.run(([word] + texts).joined(separator: " "))
        #expect(console.state.screen is PlanScreen)
    }

    @Test("a command that lacks something says what")
    func lacking() throws {
        var console = ConsoleScript(.movable)
        for (line, words) in [
            ("relocate", "REPLICA TARGET"), ("relocate db4.fra", "another server"),
            ("delay-replication db4.fra soon", "whole seconds"), ("stop-replica nowhere", "not known"),
        ] {
            try console.run(line)
            #expect(try #require(console.state.notice).sentence.contains(words), "\(line)")
        }
    }

    @Test("the second name of a command is completed, too")
    func completes() throws {
        var console = ConsoleScript(.movable)
        console.type(":relocate db4.fra db1")
        try console.press("tab")
        #expect(console.text().contains(":relocate db4.fra db1.ams:3306"))
    }
}

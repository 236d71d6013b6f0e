import Refactoring
import Storage
import TerminalKit
import TestSupport
import Testing
import Topology

@testable import Console
@testable import Operations

/// A console in which the move of db4 below db5 has been confirmed; the plan was its request 1, this is its number 2.
private func running() throws -> ConsoleScript {
    var console = ConsoleScript(.movable)
    try console.press("down", "down", "m", "n", "enter", "y")
    return console
}

@Suite("An operation that this console runs")
struct RunningOperationTests {
    @Test("its steps tick off with times, and the result is told; the cursor is on the server that moved")
    func done() throws {
        var console = try running()
        #expect(console.text().contains("taking the servers' locks"))
        console.happen(.operation(2, .began(12)))
        console.happen(.operation(2, .stepBegan(0)))
        console.happen(.operation(2, .waiting(0, "its receiver to connect")))
        #expect(console.text().contains("step 1 of 1"))
        #expect(console.text().contains("waits: its receiver to connect, for 10 s at most"))
        console.happen(.operation(2, .stepEnded(0, .milliseconds(84))))
        let report = OperationReport(
            operation: 12, ending: .done, durations: [.milliseconds(84)], changedOptions: [], states: [:], choices: [])
        console.happen(.acted(2, .report(report)))
        #expect(console.effects.contains(.readOperations))
        #expect(try #require(console.line(containing: "follow db5")).contains("✓"))
        #expect(console.text().contains("84 ms"))
        #expect(console.text().contains("done and verified"))
        try console.press("esc")
        #expect(console.state.pages.isEmpty)
        #expect(console.selected == "db4.fra")
        #expect(console.state.tree.carry == nil)
    }

    @Test("a failure says what failed, where, how things are, and what can be decided")
    func fails() throws {
        var console = try running()
        console.happen(.operation(2, .began(12)))
        console.happen(.operation(2, .stepBegan(0)))
        let failure = StepFailure(
            step: 0, instance: "db4.fra", purpose: "follow db5.fra:3306", phase: .statements,
            message: "the server has gone away")
        console.happen(.operation(2, .stepFailed(failure)))
        console.happen(.operations(.read([.test(12, .failed)], open: [12])))
        let report = OperationReport(
            operation: 12, ending: .failed([failure]), durations: [nil], changedOptions: [],
            states: ["db4.fra": "replica of db2.ams:3306, stopped"], choices: [.resume, .rollBack, .leave])
        console.happen(.acted(2, .report(report)))
        try console.press("home")
        console.resize(width: 80, height: 40)
        let text = console.text()
        #expect(text.contains("failed at step 1 of 1"))
        #expect(text.contains("the server has gone away"))
        #expect(text.contains("replica of db2.ams:3306, stopped"))
        #expect(text.contains("to decide"))
        #expect(text.contains("R resume · B roll back · L leave"))
        try console.press("L")
        #expect(console.state.prompt != nil)
        try console.press("y")
        #expect(console.effects == [.act(-12, .leave(12), reason: "")])
    }

    @Test("Esc and q ask before they leave it; stopping waits for the step at work")
    func leaving() throws {
        var console = try running()
        console.happen(.operation(2, .began(12)))
        try console.press("esc")
        #expect(console.text().contains("Leave the page of a running operation?"))
        #expect(console.text().contains("y let it run    n no"), "no is not told in words that also mean yes")
        try console.press("n", "q")
        #expect(console.text().contains("Quit while an operation runs?"))
        try console.press("esc")
        #expect(console.state.prompt == nil)
        #expect(console.effects.isEmpty)
        #expect(console.text().contains("S stop"))
        try console.press("S")
        #expect(console.text().contains("Stop before the next step?"))
        try console.press("esc")
        #expect(console.state.prompt == nil)
        #expect(console.effects.isEmpty)
        try console.press("S", "y")
        #expect(console.effects.contains(.stop(2)))
        #expect(!console.text().contains("S stop"))
        try console.press("S")
        #expect(try #require(console.state.notice).sentence.contains("already"))
        try console.press("q")
        try console.press("y")
        #expect(console.effects == [.stop(2), .quit])
        try console.press("esc", "y")
        #expect(console.state.pages.isEmpty)
        #expect(console.text().contains("0 of 1 steps done"))
    }

    @Test("a statement that is not answered within a second says for what it waits, and for how long at most")
    func slow() throws {
        var console = try running()
        console.happen(.operation(2, .began(12)))
        console.happen(.operation(2, .stepBegan(0)))
        console.happen(.operation(2, .sending(0, ["STOP REPLICA"])))
        #expect(!console.text().contains("waits:"))
        console.pass(.testNow + .seconds(3))
        #expect(console.text().contains("waits: the answer of db4.fra:3306 to STOP REPLICA, for 10 s at most"))
    }

    @Test("an operation says how long it took, not what its steps took together")
    func wall() throws {
        var console = try running()
        console.happen(.operation(2, .began(12)))
        console.pass(.testNow + .milliseconds(1500))
        let report = OperationReport(
            operation: 12, ending: .done, durations: [.milliseconds(1400)], changedOptions: [], states: [:], choices: []
        )
        console.happen(.acted(2, .report(report)))
        #expect(console.text().contains("state       done and verified in 1.5 s"))
        #expect(!console.text().contains("steps took"))
    }

    @Test("while one runs, no other plan is opened")
    func oneAtATime() throws {
        var console = try running()
        console.happen(.operation(2, .began(12)))
        try console.press("esc", "y")
        try console.run("stop-replica db3.ams")
        #expect(console.state.pages.isEmpty)
        #expect(try #require(console.state.notice).sentence.contains("still running"))
    }

    @Test("what was not begun says why, and that nothing was changed")
    func notBegun() throws {
        var console = try running()
        console.happen(.acted(2, .notBegun("db4.fra:3306 is held by operation 3 of bob")))
        #expect(console.text().contains("not begun"))
        #expect(console.text().contains("held by operation 3 of bob"))
    }
}

@Suite("Operations of the journal")
struct JournalTests {
    @Test("one that was interrupted is told of at the start, stands first in the list, and can be decided")
    func interrupted() throws {
        var console = ConsoleScript(.movable)
        console.happen(.operations(.read([.test(13, .done), .test(12, .running)], open: [12])))
        #expect(try #require(console.state.notice).sentence.contains("operation 12 did not come to its end"))
        try console.press("down")
        #expect(console.text().contains("an operation waits for a decision; O shows it"))
        try console.press("O")
        let rows = console.text().split(separator: "\n").filter { $0.contains("Move db4") }.map(String.init)
        #expect(rows[0].contains("interrupted"))
        #expect(rows[1].contains("done"))
        try console.press("enter")
        #expect(console.effects == [.readOperation(12)])
        #expect(console.text().contains("R resume · B roll back · L leave"))
        #expect(console.text().contains("ada"))
        #expect(console.text().contains("rack 7"))
    }

    @Test("one that another baton runs is shown as running, with who has it, and cannot be decided here")
    func others() throws {
        var console = ConsoleScript(.movable)
        console.happen(.operations(.read([.test(12, .running)], open: [])))
        try console.press("O", "enter")
        #expect(console.text().contains("running"))
        #expect(console.text().contains("4711"))
        try console.press("R")
        #expect(try #require(console.state.notice).sentence.contains("still at it"))
    }

    @Test("of an operation and the taking back of it that both are open, both pages say which is the newer attempt")
    func attempts() throws {
        var console = ConsoleScript(.movable, width: 160)
        var back = OperationRecord.test(13, .failed)
        back.undoes = 12
        console.happen(.operations(.read([back, .test(12, .failed)], open: [12, 13])))
        try console.run("operations show 12")
        #expect(console.effects == [.readOperation(12)])
        #expect(console.text().contains("operation 13 began to take this back"))
        #expect(console.text().contains("it is the newer attempt"))
        try console.run("operations show 13")
        #expect(console.text().contains("this is the newer attempt"))
        #expect(console.text().contains("operation 12 is open as well"))
    }

    @Test("where nothing may be changed no key is offered that would")
    func readOnly() throws {
        var console = ConsoleScript(
            .movable, authority: ConsoleAuthority(objection: "the console was started with --read-only"))
        try console.press("down", "down")
        let hints = { (console: ConsoleScript) in console.text().split(separator: "\n").last.map(String.init) ?? "" }
        #expect(!hints(console).contains("move"))
        #expect(!hints(console).contains("actions"))
        console.happen(.operations(.read([.test(12, .failed)], open: [12])))
        try console.press("O", "enter")
        #expect(!console.text().contains("R resume"))
        #expect(!console.text().contains("L leave"))
        try console.press("R")
        #expect(try #require(console.state.notice).sentence.contains("--read-only"))
    }

    @Test("u takes back the last one that came to its end, and says so where there is none")
    func undo() throws {
        var console = ConsoleScript(.movable)
        try console.press("u")
        #expect(try #require(console.state.notice).sentence.contains("nothing is left to take back"))
        console.happen(.operations(.read([.test(14, .failed), .test(13, .done)], open: [14])))
        try console.press("u")
        #expect((console.state.screen as? PlanScreen)?.subject == .undo(13))
    }

    @Test("a journal that cannot be read says so in its place")
    func unreadable() throws {
        var console = ConsoleScript(.movable)
        console.happen(.operations(.unreadable("the disk is full")))
        try console.press("O")
        #expect(console.text().contains("The journal cannot be read."))
        #expect(console.text().contains("the disk is full"))
    }
}

@Suite("The mouse")
struct MouseTests {
    private func cell(of text: String, in console: ConsoleScript) throws -> GridPoint {
        let rows = console.text().split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let y = try #require(rows.firstIndex { $0.contains(text) })
        return GridPoint(x: 10, y: y)
    }

    @Test("a press selects, moving with the button down carries, letting go opens the plan, where y confirms")
    func drag() throws {
        var console = ConsoleScript(.movable, isMouseOn: true)
        console.happen(.mouse(MouseEvent(.pressed, at: try cell(of: "db4.fra", in: console))))
        #expect(console.selected == "db4.fra")
        #expect(console.state.tree.carry == nil)
        console.happen(.mouse(MouseEvent(.moved, at: try cell(of: "db3.ams", in: console))))
        #expect(console.state.tree.carry != nil)
        #expect(console.selected == "db3.ams")
        #expect(console.text().contains("db4.fra:3306 would stand here"))
        console.happen(.mouse(MouseEvent(.released, at: try cell(of: "would stand here", in: console))))
        #expect(console.state.screen is PlanScreen)
        #expect(console.text().contains("Move db4.fra:3306 below db3.ams:3306"))
    }

    @Test("letting go where it cannot go answers why; outside of the tree it puts the replica back")
    func refused() throws {
        var console = ConsoleScript(.movable, isMouseOn: true)
        let start = try cell(of: "db4.fra", in: console)
        console.happen(.mouse(MouseEvent(.pressed, at: start)))
        console.happen(.mouse(MouseEvent(.moved, at: try cell(of: "db8.fra", in: console))))
        console.happen(.mouse(MouseEvent(.released, at: try cell(of: "cannot go here", in: console))))
        #expect(console.state.screen is ReasonsScreen)
        try console.press("esc", "esc")
        console.happen(.mouse(MouseEvent(.pressed, at: start)))
        console.happen(.mouse(MouseEvent(.moved, at: try cell(of: "db3.ams", in: console))))
        console.happen(.mouse(MouseEvent(.released, at: GridPoint(x: 0, y: 23))))
        #expect(console.state.tree.carry == nil)
        #expect(console.state.pages.isEmpty)
    }

    @Test("while it is off nothing happens, and alt+m turns it on")
    func off() throws {
        var console = ConsoleScript(.movable)
        console.happen(.mouse(MouseEvent(.pressed, at: try cell(of: "db4.fra", in: console))))
        #expect(console.selected == "db1.ams")
        try console.press("alt+m")
        #expect(console.effects == [.setMouse(true)])
    }
}

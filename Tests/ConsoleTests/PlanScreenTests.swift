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
        #expect(console.text().contains("type db4.fra:3306 to confirm"))
        console.paste("db4.fra:3306")
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
        #expect(console.begun == nil, "the host alone may be that of many servers")
        try console.press("y")
        console.type("db4.fra:3306")
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
        guard case .write(let files)? = console.effects.first, files.count == 2 else {
            Issue.record("no two files are written: \(console.effects)")
            return
        }
        let time = console.state.model.clock.stamp(.testNow)
        #expect(files.map(\.path) == ["txt", "json"].map { "baton-relocate-db4.fra-3306-\(time).\($0)" })
        #expect(time.utf8.count == "20261122-031207".utf8.count)
        #expect(files[0].text.contains("CHANGE REPLICATION SOURCE TO"))
        #expect(try JSON(parsing: Array(files[1].text.utf8))["verb"] == .string("relocate"))
        console.pass(.testNow + .seconds(1))
        try console.press("d")
        #expect(console.effects != [.write(files)], "a later plan has another name")
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
        let values = [
            "TARGET": "db1.ams", "TIME": "5m", "FILE": "binlog.000002", "NUMBER": "7", "source|replica": "replica",
        ]
        var texts = ["db4.fra"] + form.places.dropFirst().compactMap { values[$0] }
        for option in form.options where option != WishForm.off {
            if let value = option.value.flatMap({ values[$0] }) { texts += [option.name, value] }
            if option == WishForm.on { texts.append(option.name) }
        }
        var console = ConsoleScript(.movable)
        #expect(try form.asked(texts, console.state.model).wish.verb == word)
        try console.run(([word] + texts).joined(separator: " "))
        // Switchovers and rejoins are led through by the assistant.
        #expect(console.state.screen is PlanScreen || console.state.screen is AssistantScreen)
    }

    @Test("a command that lacks something says what")
    func lacking() throws {
        var console = ConsoleScript(.movable)
        for (line, words) in [
            ("relocate", "REPLICA TARGET"), ("relocate db4.fra", "another server"),
            ("delay-replication db4.fra soon", "whole seconds"), ("stop-replica nowhere", "not known"),
            ("purge-binary-logs db1.ams", "--to FILE"), ("kill-query db1.ams --connection x", "no number"),
            ("set-semi-sync db1.ams --side source", "--on or --off"), ("stop-replica db4.fra --fast", "--nice"),
            ("stop-replica db4.fra --yes", "a key confirms it"),
            ("relocate db4.fra db1.ams --method luck", "no method"),
            ("stop-replica db4.fra --timeout soon", "a length of time"), ("undo 4 --timeout 0s", "a length of time"),
            ("operations leave 4 --timeout 5s", "carries nothing out"),
            ("relocate-replicas db2.ams db3.ams --only db4.fra --pattern fra", "exclude each other"),
            ("stop-replica db4.fra --reason", "lacks"), ("stop-replica db4.fra --reason 'late", "not closed"),
            ("match db4.fra", "pseudo-GTID"), ("which-master db4.fra", "on the command line"),
            ("operations show 4", "no operation 4"), ("why", "REPLICA TARGET"),
            ("start-slav db4.fra", "did you mean \"start-slave\""),
        ] {
            try console.run(line)
            #expect(try #require(console.state.notice).sentence.contains(words), "\(line)")
        }
    }

    @Test(
        "commands are those of the command line, and orchestrator's names for them are taken, too",
        arguments: [
            ("stop-replica db4.fra --nice", "stop-replica-nice"), ("stop-slave-nice db4.fra", "stop-replica-nice"),
            ("start-slave -i db4.fra", "start-replica"), ("take-master db4.fra", "take-source"),
            ("relocate-slaves -i db2.ams -d db3.ams", "relocate-replicas"),
            ("relocate-replicas db2.ams db3.ams --only db4.fra", "relocate-replicas"),
            ("delay-replication db4.fra 5s", "delay-replication"),
            ("purge-binary-logs db1.ams --to=F", "purge-binary-logs"),
            ("kill-query db1.ams --connection 3", "kill-query"),
            ("set-semi-sync db1.ams --side source --on", "set-semi-sync"),
            ("enable-semi-sync-master db1.ams", "set-semi-sync"),
        ])
    func commandLine(line: String, verb: String) throws {
        var console = ConsoleScript(.movable)
        try console.run(line)
        let subject = (console.state.screen as? PlanScreen)?.subject
        guard case .wish(let wish)? = subject else {
            Issue.record("\(line): \(String(describing: subject)), \(console.state.notice?.sentence ?? "")")
            return
        }
        #expect(wish.verb == verb)
    }

    @Test("a reason and a method are taken from the line, and the plan is by that method")
    func reasonAndMethod() throws {
        var console = ConsoleScript(.movable)
        try console.run("relocate db4.fra db1.ams --method position --reason 'rack 7 goes down'")
        let page = try #require(console.state.screen as? PlanScreen)
        #expect(page.reason == "rack 7 goes down")
        guard case .limited(_, by: ["position"]) = page.subject else {
            Issue.record("\(page.subject)")
            return
        }
    }

    @Test("a limit for waiting is taken from the line, and the plan waits no longer, also about an operation")
    func timeout() throws {
        var console = ConsoleScript(.movable)
        try console.run("stop-replica db4.fra --nice --timeout 7m")
        let page = try #require(console.state.screen as? PlanScreen)
        let limits = try #require(page.sheet?.plan).steps.map(\.timeLimit)
        #expect(limits.contains(.seconds(420)), "\(limits)")
        try console.run("relocate db4.fra db1.ams --method position --timeout=7m")
        guard
            case .waiting(.limited(_, by: ["position"]), atMost: .seconds(420))? =
                (console.state.screen as? PlanScreen)?.subject
        else {
            Issue.record("\(String(describing: console.state.screen))")
            return
        }
        for (line, subject) in [
            ("operations resume 4 --timeout 90s --reason late", PlanSubject.resume(4)),
            ("operations roll-back 4 --timeout 90s --reason late", .rollBack(4)),
            ("undo 4 --reason late --timeout 90s", .undo(4)),
        ] {
            try console.run(line)
            let page = try #require(console.state.screen as? PlanScreen, "\(line)")
            #expect(page.subject == .waiting(subject, atMost: .seconds(90)), "\(line)")
            #expect(page.reason == "late")
        }
    }

    @Test("a resumed operation waits no longer than was said")
    func resumedWithTimeout() throws {
        let first = Step(stage: 0, on: "db4.fra", "stop", commands: [], proof: [])
        let plan = Plan(intent: "Stop", verb: "stop-replica", method: "-", steps: [first])
        var page = PlanScreen(.waiting(.resume(4), atMost: .seconds(90)))
        let console = ConsoleScript(.movable)
        _ = page.take(
            [PlanSheet(.plan(plan, .allowed), in: console.scene, depth: .answer)], console.state.model)
        #expect(page.deed == .resume(4, waitingAtMost: .seconds(90)))
    }

    @Test("why opens the rules' answers of a replica under a server, named or under the cursor, or of what is carried")
    func why() throws {
        var console = ConsoleScript(.movable)
        try console.run("why db4.fra db8.fra")
        #expect(console.state.screen is ReasonsScreen)
        #expect(console.text().contains("db4.fra:3306 below db8.fra:3306"))
        try console.press("esc", "down", "down")
        try console.run("why db8.fra")
        #expect(console.text().contains("db4.fra:3306 below db8.fra:3306"))
        try console.press("esc", "m")
        try console.run("why db8.fra")
        #expect(console.text().contains("db4.fra:3306 below db8.fra:3306"))
        #expect(console.state.tree.carry != nil)
    }

    @Test("the menu has all that the command line has; what lacks a word begins the command for it")
    func whole() throws {
        var console = ConsoleScript(.movable, height: 60)
        try console.press("o")
        for word in ["purge-binary-logs", "kill-query", "set-semi-sync", "relocate-replicas", "set-read-only"] {
            #expect(console.text().contains(word), "\(word)")
        }
        #expect(!console.text().contains("stop-replica"), "it is nobody's replica")
        try console.press("/")
        console.type("purge")
        try console.press("enter", "enter")
        #expect(console.text().contains(":purge-binary-logs db1.ams:3306 --to "))
        console.type("binlog.000002")
        try console.press("enter")
        #expect(console.state.screen is PlanScreen)
    }

    @Test("the second name of a command is completed, too")
    func completes() throws {
        var console = ConsoleScript(.movable)
        console.type(":relocate db4.fra db1")
        try console.press("tab")
        #expect(console.text().contains(":relocate db4.fra db1.ams:3306"))
    }
}

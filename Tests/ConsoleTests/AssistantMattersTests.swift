import Engine
import Recovery
import Refactoring
import Storage
import TestSupport
import Testing
import Topology

@testable import Console
@testable import Operations

extension ConsoleScript {
    fileprivate var assistant: AssistantScreen? { state.screen as? AssistantScreen }

    fileprivate var begun: Plan? {
        effects.lazy.compactMap { effect in
            switch effect {
            case .act(_, .run(let plan), _), .act(_, .recover(let plan, _, _, _), _): plan
            default: nil
            }
        }.first
    }
}

@Suite("A switchover by the assistant's pages")
struct SwitchoverPagesTests {
    @Test("s opens the checks with a verdict; the primary itself means the best, a replica that one")
    func opens() throws {
        var console = ConsoleScript(.shopAlive)
        try console.run("instance db1.ams")
        try console.press("s")
        #expect(console.assistant?.matter == .switchover(of: "db1.ams"))
        #expect(console.assistant?.choice.candidate == nil)
        #expect(console.line(containing: "verdict")?.contains("it can be done") == true)
        #expect(console.line(containing: "takes over   db2.ams:3306") != nil)
        try console.press("esc")
        try console.run("instance db3.ams")
        try console.press("s")
        #expect(console.assistant?.choice.candidate == "db3.ams")
    }

    @Test("what stands in the way is told on the first page, and there is nothing to confirm")
    func refused() throws {
        var fleet = Fleet.shopAlive
        for address in ["db2.ams", "db3.ams"] as [InstanceAddress] {
            fleet.update(try #require(fleet[address]).withChannel { $0.applier = .stopped })
        }
        var console = ConsoleScript(fleet, width: 120, height: 40)
        try console.run("switchover db1.ams")
        try console.press("1")
        #expect(console.line(containing: "verdict")?.contains("it cannot be done now") == true)
        #expect(console.text().contains("what stands in the way"))
        try console.press("3", "y")
        #expect(console.state.prompt == nil && console.begun == nil)
    }

    @Test("another candidate changes the plan at once; one that a switchover refuses is marked, and cannot be chosen")
    func chooses() throws {
        var fleet = Fleet.shopAlive
        fleet.update(try #require(fleet["db3.ams"]).changed { $0.writability = .writable })
        var console = ConsoleScript(fleet)
        try console.run("switchover db1.ams")
        try console.press("2", "end", "enter")
        #expect(try #require(console.state.notice).sentence.contains("db3.ams:3306 cannot take over"))

        console = ConsoleScript(.shopAlive)
        try console.run("switchover db1.ams")
        try console.press("2", "end", "enter")
        #expect(console.assistant?.choice.page == .plan)
        #expect(console.assistant?.sheet?.plan?.succession?.successor == "db3.ams")
    }

    @Test("sessions, siblings, the old primary and both limits are switched by keys, and the plan follows")
    func policy() throws {
        var console = ConsoleScript(.shopAlive)
        try console.run("switchover db1.ams db2.ams")
        let first = try #require(console.assistant?.sheet?.plan)
        try console.press("b")
        #expect(console.assistant?.choice.handover.siblings == .stay)
        #expect(try #require(console.assistant?.sheet?.plan).steps.count < first.steps.count)
        try console.press("s", "o", "l", "t")
        let handover = try #require(console.assistant?.choice.handover)
        #expect(handover.ending == .transactions(since: .zero))
        #expect(handover.oldPrimary == .stopped)
        #expect(handover.lockWait == .seconds(2) && handover.drain == .seconds(10))
        try console.press("w")
        #expect(try #require(console.state.notice).kind == .refused)
    }

    @Test("options of the command line are taken over: limits, sessions, the candidate")
    func command() throws {
        var console = ConsoleScript(.shopAlive)
        try console.run("switchover shop --end-sessions clients --lock-wait 3s --drain 20s --reason patch")
        #expect(console.state.notice?.kind == .refused, "a cluster's name is no server")
        try console.run("switchover db2.ams --end-sessions clients --lock-wait 3s --drain 20s --reason patch")
        let choice = try #require(console.assistant?.choice)
        #expect(choice.handover.ending == .clients && choice.reason == "patch")
        #expect(choice.handover.lockWait == .seconds(3) && choice.handover.drain == .seconds(20))
        #expect(choice.page == .plan && console.assistant?.source == "db1.ams")
    }

    @Test("the cluster's name, typed, begins it; keep watching keeps the choice")
    func confirms() throws {
        var console = ConsoleScript(.shopAlive)
        try console.run("switchover db1.ams db3.ams")
        try console.press("k")
        #expect(console.state.pages.isEmpty)
        try console.run("instance db1.ams")
        try console.press("s", "3", "y")
        console.type("shop")
        try console.press("enter")
        #expect(try #require(console.begun).verb == Switchover.verb)
    }
}

@Suite("A primary that is back")
struct ReturnedPrimaryPagesTests {
    private func console(alone: Bool) -> ConsoleScript {
        var console = ConsoleScript(.returned(alone: alone), width: 120, height: 40)
        console.recoverFirst()
        return console
    }

    @Test("that takes writes is the first line of the banner; f leads through its return")
    func banner() throws {
        var console = console(alone: true)
        let line = try #require(console.line(containing: "two writable servers"))
        #expect(line.contains("db1.ams:3306") && line.contains("besides db2.ams:3306"))
        try console.press("f")
        #expect(console.assistant?.matter == .rejoin(of: "db1.ams"))
    }

    @Test("one that is read-only, follows the new primary, or is the primary again is no alarm")
    func quiet() throws {
        var fleet = Fleet.returned()
        fleet.update(try #require(fleet["db1.ams"]).changed { $0.writability = .superReadOnly })
        var console = ConsoleScript(fleet)
        console.recoverFirst()
        #expect(console.line(containing: "two writable servers") == nil)
        #expect(console.line(containing: "is back, read-only") != nil)
        console.show(.shopAlive)
        #expect(console.line(containing: "is back") == nil)
    }

    @Test("one whose loss has ended is no matter any more, whatever somebody does with it later")
    func rejoined() {
        var console = ConsoleScript(.returned())
        console.happen(.recoveries(.read(.afterFailover)))
        #expect(console.line(containing: "two writable servers") == nil)
    }

    @Test("with transactions of its own it is refused, with exactly which, and what is safe instead")
    func diverged() throws {
        var console = console(alone: true)
        try console.press("f")
        let text = console.text()
        #expect(text.contains("00000000-0000-0000-0000-000000000001:101-102"))
        #expect(text.contains("it cannot come back as it is") && text.contains("make db1.ams:3306 anew"))
        try console.press("3", "y")
        #expect(console.state.prompt == nil && console.begun == nil)
    }

    @Test("with nothing of its own it comes back: its own name is typed, and whom it follows can be chosen")
    func comesBack() throws {
        var console = console(alone: false)
        try console.press("f")
        #expect(console.line(containing: "verdict")?.contains("it can come back") == true)
        try console.press("2", "down", "enter")
        #expect(console.assistant?.choice.candidate == "db2.ams" && console.assistant?.choice.page == .plan)
        try console.press("y")
        console.type("db1.ams:3306")
        try console.press("enter")
        #expect(try #require(console.begun).verb == Rejoin.verb)
    }

    @Test("n fences one that takes writes, by a plan of its own; one that is read-only needs no fence")
    func fences() throws {
        var console = console(alone: true)
        try console.press("f")
        #expect(console.text().contains("n fence"))
        try console.press("n")
        #expect(console.text().contains("end its clients' sessions"))
        #expect(console.begun == nil)
        try console.press("y")
        #expect(try #require(console.begun).verb == FencePlanner.verb)

        var quiet = Fleet.returned()
        quiet.update(try #require(quiet["db1.ams"]).changed { $0.writability = .superReadOnly })
        console = ConsoleScript(quiet, width: 120, height: 40)
        console.recoverFirst()
        try console.press("f")
        #expect(!console.text().contains("n fence"))
        try console.press("n")
        #expect(console.line(containing: "there is nothing to fence") != nil)
    }

    @Test(":fence opens its plan")
    func fenceCommand() throws {
        var console = console(alone: true)
        try console.run("fence db1.ams")
        #expect(console.text().contains("end its clients' sessions"))
        try console.press("y")
        #expect(try #require(console.begun).verb == FencePlanner.verb)
    }

    @Test("the title says no word of well-being beside a banner")
    func title() throws {
        var fleet = Fleet.returned()
        fleet.update(try #require(fleet["db1.ams"]).changed { $0.writability = .superReadOnly })
        var console = ConsoleScript(fleet)
        #expect(console.text().contains("no problems"))
        console.recoverFirst()
        #expect(!console.text().contains("no problems") && console.text().contains("1 alarm"))
        console = ConsoleScript(.shopAlive)
        console.happen(.recoveries(.read(.interrupted)))
        #expect(!console.text().contains("no problems") && console.text().contains("1 alarm"))
    }

    @Test(":rejoin takes the primary and the account")
    func command() throws {
        var console = console(alone: false)
        try console.run("rejoin db1.ams --below db2.ams --replication-user copy")
        #expect(console.assistant?.choice.user == "copy")
        #expect(console.assistant?.choice.candidate == "db2.ams")
    }
}

@Suite("Other sources that are lost")
struct OtherLossTests {
    @Test("of two co-primaries the other one may take over, and the plan is a failover")
    func coPrimary() throws {
        var console = ConsoleScript(.lostCoPrimary)
        try console.press("f", "2")
        #expect(console.assistant?.source == "db1.ams")
        #expect(console.assistant?.isAdoption == false)
        #expect(console.assistant?.ranking?.situation == .coPrimary)
        #expect(console.line(containing: "db2.ams:3306") != nil)
        try console.press("3")
        #expect(console.assistant?.sheet?.plan?.succession?.occasion == .coPrimary)
    }

    @Test("what was chosen about another failure of the server is not taken over")
    func forgets() throws {
        var console = ConsoleScript(.lost)
        try console.press("f", "2", "down", "enter", "k")
        console.show(.shopAlive)
        try console.run("recover db1.ams")
        #expect(console.assistant?.choice.candidate == nil)
    }
}

@Suite("Hooks on the assistant's pages")
struct AssistantHooksTests {
    @Test("the plan lists them with their consequence, the confirmation counts those that run first")
    func listed() throws {
        var console = ConsoleScript(.lost, width: 160, height: 50)
        console.hooks = .test
        try console.press("f", "3")
        #expect(
            console.line(containing: "stonith {failedHost}")?.contains("where it fails, nothing is changed") == true)
        #expect(console.line(containing: "move-vip")?.contains("the others run") == true)
        #expect(console.line(containing: "wall moved")?.contains("nobody waits for it") == true)
        try console.press("4")
        #expect(console.line(containing: "hooks")?.contains("4 run, 2 of them first") == true)
    }

    @Test("while one runs the operation says so; its output stands on the page when it has ended")
    func running() throws {
        var console = ConsoleScript(.lost, width: 120, height: 40)
        try console.press("f", "3", "y")
        console.type("shop")
        try console.press("enter")
        let number = console.state.lastNumber
        console.happen(.operation(number, .hook(HookNews("fence", "stonith"))))
        #expect(console.line(containing: "running a hook")?.contains("fence: stonith") == true)
        console.happen(
            .operation(
                number,
                .hook(
                    HookNews(
                        "fence", "stonith", ending: "failed with exit code 3", isFailure: true, output: "no power\n"))))
        #expect(console.line(containing: "running a hook") == nil)
        #expect(
            console.line(containing: "failed with exit code 3") != nil && console.line(containing: "no power") != nil)
    }

    @Test("one that failed after everything was done is told with the result, and not overlooked below the steps")
    func failedAfter() throws {
        var console = ConsoleScript(.lost)
        try console.press("f", "3", "y")
        console.type("shop")
        try console.press("enter")
        let number = console.state.lastNumber
        console.happen(
            .operation(
                number,
                .hook(HookNews("post-failover", "move-vip", ending: "failed with exit code 3", isFailure: true))))
        let report = OperationReport(
            operation: 12, ending: .done, durations: [], changedOptions: [], states: [:], choices: [])
        console.happen(.acted(number, .report(report)))
        let notice = try #require(console.state.notice)
        #expect(notice.kind == .refused && notice.sentence.contains("but hook post-failover failed with exit code 3"))
        #expect(console.line(containing: "state")?.contains("1 hook failed") == true)
    }

    @Test("the record of a recovery of the past says how they ended, and what was lost")
    func recorded() throws {
        var console = ConsoleScript(.returned(), width: 120, height: 40)
        console.recoverFirst()
        try console.press("F", "enter")
        #expect(console.line(containing: "db1 is off") != nil)
        #expect(console.line(containing: "failed with exit code 3") != nil)
        #expect(console.line(containing: "against the servers that answer: nothing is lost") != nil)
    }
}

@Suite("Recoveries that were interrupted")
struct InterruptedRecoveryTests {
    @Test("stand in the banner until somebody decides, before what failed; F lists it first")
    func banner() throws {
        var console = ConsoleScript(.lost)
        console.happen(.recoveries(.read(.interrupted)))
        let rows = console.text().split(separator: "\n").map(String.init)
        let own = try #require(rows.firstIndex { $0.contains("recovery 7 was interrupted") })
        let failure = try #require(rows.firstIndex { $0.contains("dead primary db1.ams:3306 for") })
        #expect(own < failure && rows[own].contains("F recoveries"))
        try console.press("F", "enter")
        #expect(console.state.screen is RecoveryScreen)
    }

    @Test("one that ended before its first step says so: it is acknowledged, and there is nothing to go on with")
    func withoutSteps() throws {
        var book = RecoveryBook.interrupted
        book.recoveries[0].parts = []
        var console = ConsoleScript(.lost, width: 120, height: 40)
        console.happen(.recoveries(.read(book)))
        try console.press("F", "enter")
        #expect(console.line(containing: "it ended before its first step") != nil)
        try console.press("a")
        console.type("seen")
        try console.press("enter")
        #expect(console.effects.contains(.acknowledge(7, reason: "seen")))
    }
}

@Suite("The readiness page")
struct ReadinessScreenTests {
    @Test("Y and :readiness list each cluster with what would block or harm a recovery, and what mends it")
    func lists() throws {
        var console = ConsoleScript(.shop, width: 120, height: 40)
        try console.press("Y")
        #expect(console.line(containing: "shop  ") != nil && console.line(containing: "web  ") != nil)
        // Below "web" stands what is to be said of it.
        try console.press("down", "down")
        #expect(console.line(containing: "to mend it") != nil)
        try console.press("esc")
        try console.run("readiness")
        #expect(console.state.screen is ReadinessScreen)
    }

    @Test("is checked anew while it is seen, and not while another page is")
    func followsFleet() throws {
        var console = ConsoleScript(.shop)
        try console.press("Y")
        console.show(.shop)
        #expect(console.effects.contains(.checkReadiness))
        try console.press("esc")
        console.show(.shop)
        #expect(!console.effects.contains(.checkReadiness))
    }
}

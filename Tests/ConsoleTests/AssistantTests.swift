import Diagnosis
import Engine
import Operations
import Recovery
import Refactoring
import Storage
import TerminalKit
import TestSupport
import Testing
import Topology

@testable import Console

extension ConsoleScript {
    fileprivate var assistant: AssistantScreen? { state.screen as? AssistantScreen }

    fileprivate var begun: Plan? {
        effects.lazy.compactMap { effect in
            if case .act(_, .recover(let plan, _, _, _), _) = effect { plan } else { nil }
        }.first
    }
}

@Suite("The recovery assistant")
struct AssistantTests {
    @Test("a dead primary raises a banner with cluster, failure and age, on every page; it grows older by the second")
    func banner() throws {
        var console = ConsoleScript(.lost)
        let line = try #require(console.line(containing: "dead primary"))
        #expect(line.contains("shop: dead primary db1.ams:3306 for 10 s") && line.contains("f recover"))
        try console.press("c")
        #expect(console.line(containing: "f recover") != nil)
        console.pass(.testNow + .seconds(5))
        #expect(console.line(containing: "for 15 s") != nil)
        let palette = ThemeLibrary.builtIn.palette(depth: .sixteen, unicode: true)
        #expect(console.state.frame(palette).hasRunningAge)
        console.show(.shopAlive)
        #expect(console.line(containing: "f recover") == nil)
    }

    @Test("a banner comes without moving a row of the tree")
    func bannerMovesNothing() throws {
        var console = ConsoleScript(.shopAlive)
        let before = console.text().split(separator: "\n").firstIndex { $0.contains("db2.ams") }
        console.show(.lost)
        let after = console.text().split(separator: "\n").firstIndex { $0.contains("db2.ams") }
        #expect(before == after)
    }

    @Test("a recovery of another operator is told where it is at work, and no more when it has ended")
    func secondOperator() throws {
        var console = ConsoleScript(.lost)
        console.happen(.recoveries(.read(.test)))
        #expect(console.line(containing: "recovery 7 of anna is at work, failover: promotes db2.ams:3306") != nil)
        var book = RecoveryBook.test
        book.atWork = []
        console.happen(.recoveries(.read(book)))
        #expect(console.line(containing: "is at work") == nil)
    }

    @Test("f opens it; the first page says what each server sees, and which conditions hold")
    func happened() throws {
        var console = ConsoleScript(.lost, width: 160, height: 60)
        try console.press("f")
        let text = console.text()
        #expect(text.contains("primary.dead"))
        #expect(text.contains("db2.ams:3306") && text.contains("Can't connect to MySQL server (111)"))
        #expect(text.contains("so it is") && text.contains("baton cannot reach it"))
    }

    @Test("pages are reached by number, by Tab and by arrows; Esc goes one page back, and then to the tree")
    func pages() throws {
        var console = ConsoleScript(.lost)
        try console.press("f", "tab", "right")
        #expect(console.assistant?.choice.page == .plan)
        try console.press("left")
        #expect(console.assistant?.choice.page == .candidates)
        try console.press("4")
        #expect(console.assistant?.choice.page == .confirmation)
        try console.press("esc", "esc")
        #expect(console.assistant?.choice.page == .candidates)
        try console.press("esc", "esc")
        #expect(console.state.pages.isEmpty)
    }

    @Test("candidates stand in the order of the ranking, with what they miss; the loss is told in three figures")
    func candidates() throws {
        var console = ConsoleScript(.lost, width: 160, height: 50)
        try console.press("f", "2")
        let text = console.text()
        let rows = text.split(separator: "\n").map(String.init)
        let first = try #require(rows.firstIndex { $0.contains("»") && $0.contains("1 db2.ams:3306") })
        let second = try #require(rows.firstIndex { $0.contains("2 db3.ams:3306") })
        #expect(first < second)
        #expect(text.contains("against the servers that answer"))
        #expect(text.contains("at the last look") && text.contains("after that look"))
        #expect(text.contains("4 trx"))
    }

    @Test("Enter chooses a candidate, and the plan is made for it at once; one that is refused says why")
    func chooses() throws {
        var console = ConsoleScript(.lost)
        try console.press("f", "2", "down", "enter")
        #expect(console.assistant?.choice.candidate == "db3.ams")
        #expect(console.assistant?.choice.page == .plan)
        #expect(console.assistant?.sheet?.plan?.intent.contains("db3.ams") == true)
        #expect(console.line(containing: "db3.ams:3306, chosen")?.contains("takes over") == true)
        try console.press("2", "end", "enter")
        #expect(console.assistant?.choice.candidate == "db3.ams")
        #expect(try #require(console.state.notice).sentence.contains("db4.fra:3306 cannot take over"))
    }

    @Test("the policy is switched by keys, and the plan follows: it does not wait, and does not detach")
    func policy() throws {
        var console = ConsoleScript(.lost)
        try console.press("f", "3")
        let waiting = try #require(console.assistant?.sheet?.plan)
        try console.press("w")
        let losing = try #require(console.assistant?.sheet?.plan)
        #expect(waiting.steps.count > losing.steps.count)
        #expect(console.line(containing: "not applied")?.contains("is lost") == true)
        try console.press("x", "v")
        #expect(
            console.assistant?.choice.policy
                == FailoverPolicy(unapplied: .lose, lostReplicas: .leave, livingSource: .fence))
    }

    @Test("what the cluster's owner has chosen holds until somebody chooses otherwise")
    func configured() throws {
        var console = ConsoleScript(.lost)
        let chosen = FailoverPolicy(unapplied: .lose, lostReplicas: .leave)
        console.state.model.recoveryPolicies = RecoveryPolicies(usual: RecoveryPolicy(failover: chosen))
        try console.press("f", "3")
        #expect(console.line(containing: "not applied")?.contains("is lost") == true)
        #expect(console.line(containing: "cannot follow")?.contains("are left as they are") == true)
        try console.press("w")
        #expect(console.line(containing: "not applied")?.contains("is waited for") == true)
        try console.press("esc", "esc", "esc")
        try console.run("failover db1.ams --wait-unapplied")
        #expect(console.assistant?.choice.policy == FailoverPolicy(unapplied: .wait, lostReplicas: .leave))
    }

    @Test("only the cluster's name, typed, begins it; y alone, a paste, another name do not")
    func confirms() throws {
        var console = ConsoleScript(.lost)
        try console.press("f", "y")
        #expect(console.state.prompt == nil && console.begun == nil)
        try console.press("3", "y")
        #expect(console.begun == nil)
        #expect(console.line(containing: "type shop to confirm") != nil)
        console.paste("shop")
        try console.press("enter")
        #expect(console.begun == nil)
        try console.press("y")
        console.type("shopping")
        try console.press("enter")
        #expect(console.begun == nil)
        try console.press("y")
        console.type("shop")
        try console.press("enter")
        let plan = try #require(console.begun)
        #expect(plan.intent.contains("db2.ams"))
        #expect(console.state.screen is OperationScreen)
    }

    @Test("the best stays the one that was confirmed, though another one becomes better while the name is typed")
    func settles() throws {
        func fleet(applied: Int) throws -> Fleet {
            let had = "00000000-0000-0000-0000-000000000001"
            var fleet = Fleet.lost
            let third = try #require(fleet["db3.ams"]).changed { facts in
                facts.gtid = .mysql(MySQLGTIDState(mode: .on, executed: .test("\(had):1-\(applied)")))
            }
            fleet.update(third.withChannel { $0.retrieved = .test("\(had):1-100") })
            return fleet
        }
        var console = ConsoleScript(try fleet(applied: 96))
        try console.press("f", "3", "y")
        console.type("sh")
        // The plan is made anew.
        console.pass(.testNow + .seconds(2))
        console.show(try fleet(applied: 100))
        #expect(console.assistant?.ranking?.best?.instance == "db3.ams")
        console.type("op")
        try console.press("enter")
        #expect(try #require(console.begun).intent.contains("db2.ams"))

        console = ConsoleScript(try fleet(applied: 96))
        try console.press("f", "3", "y", "esc", "3")
        console.show(try fleet(applied: 100))
        #expect(console.assistant?.sheet?.plan?.intent.contains("db3.ams") == true, "nothing is settled before a yes")
    }

    @Test("a fleet that changes the plan while the name is typed takes the question back")
    func planChanges() throws {
        var console = ConsoleScript(.lost)
        try console.press("f", "3", "y")
        console.type("sho")
        console.pass(.testNow + .seconds(2))
        var fleet = Fleet.lost
        fleet.update(try #require(fleet["db3.ams"]).unreachable())
        console.show(fleet)
        #expect(console.state.prompt == nil)
        #expect(try #require(console.state.notice).sentence.contains("the plan has changed"))
    }

    @Test("k keeps watching from any page, and the choice is there when it is opened again")
    func keepsWatching() throws {
        var console = ConsoleScript(.lost)
        try console.press("f", "2", "down", "enter", "w", "k")
        #expect(console.state.pages.isEmpty && console.begun == nil)
        try console.press("f")
        #expect(console.assistant?.choice.candidate == "db3.ams")
        #expect(console.assistant?.choice.policy.unapplied == .lose)
        #expect(console.assistant?.choice.page == .plan)
    }

    @Test("about a source that lives it says why that is not considered dead, what helps, and refuses to fail over")
    func alive() throws {
        var console = ConsoleScript(.shopAlive, width: 120, height: 40)
        try console.press("f")
        #expect(console.text().contains("it is not considered to have failed"))
        #expect(console.text().contains("baton cannot reach it"))
        #expect(console.text().contains(":switchover db1.ams:3306"))
        try console.press("3", "y")
        #expect(console.state.prompt == nil)
        #expect(console.assistant?.sheet?.plan == nil)
    }

    @Test("of an intermediate source the replicas are adopted, each where it is best, or all below one that is chosen")
    func below() throws {
        var console = ConsoleScript(.lostBelow)
        #expect(console.line(containing: "dead source") != nil)
        try console.press("f", "2")
        #expect(console.assistant?.isAdoption == true)
        #expect(console.line(containing: "each replica below what is best for it") != nil)
        let plan = try #require(console.assistant?.sheet?.plan)
        #expect(plan.verb == "adopt" || plan.verb == "recover")
        try console.press("w")
        #expect(try #require(console.state.notice).sentence.contains("nobody is promoted"))
    }

    @Test("the commands of the command line open it, with what they choose")
    func commands() throws {
        var console = ConsoleScript(.lost)
        try console.run("failover shop --to db3.ams --lose-unapplied --reason rack")
        #expect(console.assistant?.source == "db1.ams")
        #expect(console.assistant?.choice.candidate == "db3.ams")
        #expect(console.assistant?.choice.policy.unapplied == .lose)
        #expect(console.assistant?.reason == "rack")
        try console.run("candidates db1.ams")
        #expect(console.assistant?.choice.page == .candidates)
        try console.run("analyze db1.ams")
        #expect(console.assistant?.choice.page == .failure)
        try console.run("recover db1.ams")
        #expect(console.assistant?.choice.page == .plan)
        try console.run("failover nowhere")
        #expect(try #require(console.state.notice).kind == .refused)
    }
}

@Suite("The list of recoveries")
struct RecoveriesScreenTests {
    private func reading(_ keys: String...) throws -> ConsoleScript {
        var console = ConsoleScript(.lost, width: 120, height: 40)
        console.happen(.operations(.read([.test(16, .failed)], open: [16])))
        console.happen(.recoveries(.read(.test)))
        try console.press("F")
        for key in keys { try console.press(key) }
        return console
    }

    @Test("what waits for a decision stands first; why nothing was done is told, with what would help")
    func lists() throws {
        var console = try reading()
        #expect(console.effects.contains(.readRecoveries))
        let rows = console.text().split(separator: "\n").filter { $0.contains("db1.ams:3306") }.map(String.init)
        #expect(rows.contains { $0.contains("at work") } && rows.contains { $0.contains("failed") })
        #expect(console.line(containing: "not done") != nil)
        try console.run("filter not done")
        #expect(console.text().contains("baton ack 6 lets the next one begin"))
    }

    @Test("a acknowledges the one under the cursor, with a reason that has to be typed; one at work is left alone")
    func acknowledges() throws {
        var console = try reading("a")
        #expect(console.state.prompt == nil)
        #expect(try #require(console.state.notice).sentence.contains("still at it"))
        try console.press("down", "a", "enter")
        #expect(console.state.prompt != nil, "without a reason it asks on")
        console.type("seen")
        try console.press("enter")
        #expect(console.effects.contains(.acknowledge(6, reason: "seen")))
    }

    @Test("Enter opens one with its log and operations; from there the operation that waits is opened")
    func opens() throws {
        var console = try reading("down", "enter")
        let text = console.text()
        #expect(text.contains("db2.ams:3306 is to take over") && text.contains("operation 16"))
        #expect(text.contains("waits for a decision"))
        try console.press("enter")
        #expect(console.effects.contains(.readOperation(16)))
    }

    @Test(":ack takes a number and a reason, and nothing else")
    func command() throws {
        var console = try reading()
        try console.run("ack 6 --reason done")
        #expect(console.effects.contains(.acknowledge(6, reason: "done")))
        try console.run("ack 6")
        #expect(try #require(console.state.notice).kind == .refused)
    }
}

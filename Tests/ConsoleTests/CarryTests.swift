import Discovery
import Engine
import Operations
import Refactoring
import Storage
import TerminalKit
import TestSupport
import Testing
import Topology

@testable import Console

/// A console on ``Fleet/movable`` in which db4, a replica of db2, has been picked up.
private func carrying(width: Int = 80, height: Int = 24) throws -> ConsoleScript {
    var console = ConsoleScript(.movable, width: width, height: height)
    try console.press("down", "down", "m")
    return console
}

@Suite("Replicas that are carried")
struct CarryTests {
    @Test("every row says how it looks as a place, and the row that is carried is lifted")
    func verdicts() throws {
        let console = try carrying()
        #expect(console.effects == [.look(try #require(console.state.tree.carry))])
        #expect(try #require(console.line(containing: "db1.ams")).contains("✓ gtid"))
        #expect(try #require(console.line(containing: "db2.ams")).contains("its source now"))
        #expect(try #require(console.line(containing: "db7.fra")).contains("! gtid, warns: newer release"))
        #expect(try #require(console.line(containing: "db8.fra")).contains("✗ binary log is off"))
        #expect(try #require(console.line(containing: "db9.fra")).contains("! gtid, asks: does not replicate"))
        #expect(try #require(console.line(containing: "carried")).contains("»"))
        #expect(console.text().contains("enter drop"))
    }

    @Test("before the first look the rows say that they are being judged, and nothing can be dropped")
    func unjudged() throws {
        var console = ConsoleScript(.movable)
        console.answersItself = false
        try console.press("down", "down", "m", "up", "enter")
        #expect(console.state.pages.isEmpty)
        #expect(try #require(console.state.notice).sentence.contains("still being judged"))
    }

    @Test("n and N go from one place that may take it to the next, and leave out the others")
    func jumps() throws {
        var console = try carrying()
        var places: [InstanceAddress?] = []
        for _ in 0..<6 {
            try console.press("n")
            places.append(console.selected)
        }
        #expect(places == ["db5.fra", "db3.ams", "db7.fra", "db9.fra", "db1.ams", "db5.fra"])
        try console.press("N", "N")
        #expect(console.selected == "db9.fra")
    }

    @Test("the ghost stands where the replica would, and says so where it cannot")
    func ghost() throws {
        var console = try carrying()
        try console.press("n")
        let rows = console.text().split(separator: "\n").map(String.init)
        let target = try #require(rows.firstIndex { $0.contains("db5.fra:3306") && $0.contains("✓") })
        #expect(rows[target + 1].contains("└─» db4.fra:3306 would stand here"))
        try console.press("end", "up")
        #expect(try #require(console.line(containing: "cannot go here")).contains("✗ db4.fra:3306"))
    }

    @Test("an illegal drop is answered with the rule and what would help, and leads to no plan")
    func illegalDrop() throws {
        var console = try carrying()
        try console.press("end", "up", "enter")
        #expect(console.state.screen is ReasonsScreen)
        let text = console.text()
        #expect(text.contains("db8.fra:3306 has no binary log (log.off-t)"))
        #expect(text.contains("would help"))
        #expect(text.contains("log_bin = binlog"))
        try console.press("esc")
        #expect(console.state.tree.carry != nil)
        #expect(console.effects.allSatisfy { if case .act = $0 { false } else { true } })
    }

    @Test("on a wide screen the reasons and what would help stand beside the tree")
    func beside() throws {
        var console = try carrying(width: 160, height: 50)
        try console.press("end", "up")
        #expect(console.text().contains("in the option file of db8.fra:3306: log_bin = binlog"))
    }

    @Test("rows keep their places while something is carried; a server that dies changes its verdict only")
    func frozen() throws {
        var console = try carrying()
        let before = console.shown
        var fleet = Fleet.movable
        fleet.update(Instance.replica("db3.ams", of: "db1.ams").unreachable())
        fleet.update(.replica("db0.new", of: "db1.ams"))
        console.show(fleet)
        #expect(console.shown == before)
        #expect(try #require(console.line(containing: "db3.ams")).contains("✗ does not answer"))
        try console.press("esc")
        #expect(console.shown.contains("db0.new"))
    }

    @Test("a filter narrows the places, and n stays among them")
    func filter() throws {
        var console = try carrying()
        console.type("/fra")
        try console.press("enter", "n")
        #expect(console.selected == "db5.fra")
        #expect(!console.shown.contains("db3.ams"))
        try console.press("esc")
        #expect(console.state.tree.carry != nil)
        #expect(console.shown.contains("db3.ams"))
        try console.press("esc")
        #expect(console.state.tree.carry == nil)
        #expect(console.selected == "db4.fra")
    }

    @Test("Esc puts it back, with the cursor where it was, and nothing is done")
    func cancel() throws {
        var console = try carrying()
        try console.press("n", "n", "esc")
        #expect(console.selected == "db4.fra")
        #expect(console.effects.isEmpty)
        #expect(try #require(console.state.notice).sentence == "nothing was moved")
    }

    @Test("a primary is not picked up, and the answer says how its replicas are")
    func primary() throws {
        var console = ConsoleScript(.movable)
        try console.press("m")
        #expect(console.state.tree.carry == nil)
        #expect(try #require(console.state.notice).sentence.contains("picked up with M"))
    }

    @Test("a channel is chosen by the row, where a replica has several")
    func channels() throws {
        var console = ConsoleScript(
            Fleet([.source("a"), .source("b"), .multiSourceReplica("c", of: ["a", "b"])]))
        _ = console.state.tree.show("c", console.state.model)
        try console.press("m")
        #expect(console.state.tree.carry?.replicas == [ReplicaChannel("c", channel: "from_a")])
    }

    @Test("what is below goes along, and is said to")
    func subtree() throws {
        var console = ConsoleScript(.movable)
        try console.press("down", "m", "n")
        #expect(console.text().contains("moving db2.ams:3306 with 2 below"))
        #expect(try #require(console.line(containing: "db5.fra")).contains("goes along"))
        #expect(console.text().contains("db2.ams:3306 would stand here, with 2 below it"))
        try console.press("enter")
        guard case .wish(.move(.relocateSubtree(let replica, _)))? = (console.state.screen as? PlanScreen)?.subject
        else {
            Issue.record("the plan is not for the subtree")
            return
        }
        #expect(replica == ReplicaChannel("db2.ams"))
    }
}

@Suite("Several replicas that are carried")
struct CarrySeveralTests {
    @Test("marks gather replicas, m picks them up, and the plan moves all of them")
    func marks() throws {
        var console = ConsoleScript(.movable)
        try console.press("down", "down", "space", "space")
        #expect(console.text().contains("2 marked"))
        try console.press("m", "n", "enter")
        guard case .wish(let wish)? = (console.state.screen as? PlanScreen)?.subject else {
            Issue.record("there is no plan")
            return
        }
        #expect(wish == .move(.relocateReplicas(of: "db2.ams", only: ["db4.fra", "db5.fra"], below: "db7.fra")))
    }

    @Test("marks are picked up from a primary's row too, and the hints say so")
    func marksFromPrimary() throws {
        var console = ConsoleScript(.movable)
        try console.press("home")
        #expect(!console.text().contains("m move"))
        try console.press("down", "down", "space", "home")
        #expect(console.text().contains("m move"))
        try console.press("m")
        #expect(console.state.tree.carry?.replicas.count == 1)
    }

    @Test("marks of several sources become one plan")
    func severalSources() throws {
        var console = ConsoleScript(.movable)
        try console.press("down", "down", "space", "down", "space", "m")
        #expect(console.state.tree.carry?.replicas.map(\.instance) == ["db4.fra", "db3.ams"])
        try console.press("end", "up", "up", "enter")
        #expect(console.text().contains("Move 2 replicas below db7.fra:3306"))
        #expect(console.text().contains("db3.ams:3306"))
    }

    @Test("a place that only some may go to is illegal, and the row says how many")
    func someRefused() throws {
        var fleet = Fleet.movable
        fleet.update(
            Instance.replica("db5.fra", of: "db2.ams", executed: "3e11fa47-71ca-11e1-9e33-c80aa9429562:1-88213")
                .withChannel { $0.receiver = .stopped })
        var console = ConsoleScript(fleet)
        try console.press("down", "down", "space", "space", "m")
        let row = try #require(console.line(containing: "db8.fra"))
        #expect(row.contains("✗ 2 of 2: binary log is off"))
    }

    @Test("where one of several does not answer, the rows name it and do not say it of the others, nor of the place")
    func oneIsLost() throws {
        var fleet = Fleet([
            .source("a", executed: "3e11fa47-71ca-11e1-9e33-c80aa9429562:1-88213"),
            .replica("b", of: "a", executed: "3e11fa47-71ca-11e1-9e33-c80aa9429562:1-88213"),
            .replica("e", of: "a", executed: "3e11fa47-71ca-11e1-9e33-c80aa9429562:1-88213"),
            .replica("f", of: "e", executed: "3e11fa47-71ca-11e1-9e33-c80aa9429562:1-88213"),
        ])
        if let lost = fleet["b"] { fleet.update(lost.unreachable()) }
        var console = ConsoleScript(fleet)
        try console.press("M")
        let row = try #require(console.line(containing: "● e:3306 "))
        #expect(row.contains("✗ b: does not answer"), "\(row)")
        #expect(!row.contains("and 1 more"), "e itself would not move")
        let several = TargetVerdict(
            answer: .refused("conn.down-d"), refused: 2, carried: 2, concern: .replica("b", others: 1))
        #expect(several.words == "b: does not answer, and 1 more")
    }

    @Test("those of a server's replicas that can go do, and the row says who stays and why")
    func someStay() throws {
        let executed = "3e11fa47-71ca-11e1-9e33-c80aa9429562:1-88213"
        var fleet = Fleet([
            .source("a", executed: executed), .replica("b", of: "a", executed: executed),
            .replica("c", of: "b", executed: executed), .replica("d", of: "b", executed: executed),
            .replica("e", of: "b", executed: executed),
        ])
        if let lost = fleet["e"] { fleet.update(lost.unreachable()) }
        var console = ConsoleScript(fleet)
        try console.press("down", "M")
        let row = try #require(console.line(containing: "● a:3306 "))
        #expect(row.contains("! gtid, asks: e stays, does not answer"), "\(row)")
        try console.press("home")
        #expect(console.state.tree.selected == "a")
        #expect(console.text().contains("2 replicas would stand here"))
        #expect(console.text().contains("e:3306 stays where it is: e:3306 has not answered"))
        try console.press("enter")
        let page = try #require(console.state.screen as? PlanScreen)
        #expect(page.subject == .wish(.move(.relocateReplicas(of: "b", only: nil, below: "a"))))
        // A place for which one alone is left to go asks nothing of the others.
        let several = TargetVerdict(
            answer: .fits(method: "gtid", .confirm, "conn.down-d"), refused: 2, carried: 3,
            concern: .replica("e", others: 1), staying: ["e", "d"])
        #expect(several.words == "gtid, asks: e stays, does not answer, and 1 more")
        #expect(several.isLegal)
    }

    @Test("marks of several sources go all or not at all")
    func marksStayTogether() throws {
        var fleet = Fleet.movable
        if let lost = fleet["db4.fra"] { fleet.update(lost.unreachable()) }
        var console = ConsoleScript(fleet)
        try console.press("down", "down", "space", "down", "space", "m")
        #expect(console.state.tree.carry?.replicas.map(\.instance) == ["db4.fra", "db3.ams"])
        let row = try #require(console.line(containing: "db7.fra"))
        #expect(row.contains("✗ db4.fra: does not answer"), "\(row)")
    }

    @Test("a second press takes a mark away, Esc takes all, and a primary gets none")
    func unmark() throws {
        var console = ConsoleScript(.movable)
        try console.press("space")
        #expect(console.state.tree.marks.isEmpty)
        try console.press("down", "space", "up", "space")
        #expect(console.state.tree.marks.isEmpty)
        try console.press("space", "space", "esc")
        #expect(console.state.tree.marks.isEmpty)
    }

    @Test("M picks up all replicas of a server, and one of them may take the others")
    func replicasOf() throws {
        var console = ConsoleScript(.movable)
        try console.press("M", "down")
        #expect(console.state.tree.carry?.replicas.count == 5)
        #expect(console.text().contains("4 replicas would stand here"))
        try console.press("enter")
        guard
            case .wish(.move(.relocateReplicas(let source, let only, let target)))? =
                (console.state.screen as? PlanScreen)?.subject
        else {
            Issue.record("there is no plan")
            return
        }
        #expect(source == "db1.ams" && target == "db2.ams")
        #expect(only?.contains("db2.ams") == false)
    }
}

@Suite("Where nothing may be changed")
struct ReadOnlyConsoleTests {
    @Test("a read-only console refuses to pick up, to plan, to undo, and says in its title what it is")
    func console() throws {
        let authority = ConsoleAuthority(objection: "it was started with --read-only")
        var console = ConsoleScript(.movable, authority: authority)
        #expect(console.text().contains("READ-ONLY"))
        for keys in [("down", "m"), ("home", "M")] {
            try console.press(keys.0, keys.1)
            #expect(console.state.tree.carry == nil)
            #expect(try #require(console.state.notice).sentence.contains("--read-only"))
        }
        for line in ["stop-replica db4.fra", "undo 1", "set-writable db4.fra"] {
            try console.run(line)
            #expect(console.state.pages.isEmpty)
            #expect(try #require(console.state.notice).sentence.contains("--read-only"))
        }
    }

    @Test("a read-only cluster refuses, and others do not")
    func cluster() throws {
        let policy = ReadOnlyPolicy(clusters: [try AddressPattern("web1")])
        var console = ConsoleScript(.twoClusters, authority: ConsoleAuthority(policy: policy))
        console.state.tree.show("web2", console.state.model)
        #expect(console.text().contains("READ-ONLY CLUSTER"))
        try console.press("m")
        #expect(console.state.tree.carry == nil)
        #expect(try #require(console.state.notice).sentence.contains("read-only"))
        console.state.tree.show("db3", console.state.model)
        try console.press("m")
        #expect(console.state.tree.carry != nil)
    }

    @Test("a snapshot and a picture that is held still refuse")
    func stills() throws {
        var console = ConsoleScript(.movable, origin: .snapshot(path: "fleet.json", taken: .testNow))
        try console.press("down", "m")
        #expect(try #require(console.state.notice).sentence.contains("snapshot"))
        console = ConsoleScript(.movable)
        try console.press("P", "down", "m")
        #expect(console.state.tree.carry == nil)
        #expect(try #require(console.state.notice).sentence.contains("held still"))
    }
}

import Diagnosis
import TestSupport
import Testing
import Topology

@testable import Console

@Suite("Keys in the tree")
struct TreeKeysTests {
    @Test("the cursor stays on its instance, and on its screen row, when a server appears above it")
    func cursorStays() throws {
        var console = ConsoleScript(.healthy)
        try console.press("down", "down")
        #expect(console.selected == "db3")
        console.show(Fleet(Array(Fleet.healthy.instances) + [.replica("a0", of: "db1"), .replica("a1", of: "a0")]))
        #expect(console.selected == "db3")
    }

    @Test("the cursor goes to the source when its instance is forgotten")
    func cursorRises() throws {
        var console = ConsoleScript(.healthy)
        try console.press("end")
        console.show(Fleet([.source("db1"), .replica("db2", of: "db1")]))
        #expect(console.selected == "db2")
    }

    @Test("left folds a branch, then goes to the source; right opens it again")
    func folds() throws {
        var console = ConsoleScript(.healthy)
        try console.press("down", "left")
        #expect(console.shown == ["db1", "db2"])
        try console.press("left")
        #expect(console.selected == "db1")
        try console.press("down", "right")
        #expect(console.shown == ["db1", "db2", "db3"])
    }

    @Test("a folded branch says what it hides")
    func foldedSays() throws {
        var console = ConsoleScript(.troubled)
        try console.press("down", "left")
        let line = try #require(console.line(containing: "db2.ams:3306"))
        #expect(line.contains("▸2") && line.contains("✖ 2 broken"), "\(line)")
    }

    @Test("fold all leaves the roots, unfold all brings everything back")
    func foldsAll() throws {
        var console = ConsoleScript(.troubled)
        try console.press("-")
        #expect(console.shown == ["db1.ams"])
        try console.press("plus")
        #expect(console.shown.count == 5)
    }

    @Test("n goes to the next problem, into folded branches too, and around")
    func nextProblem() throws {
        var console = ConsoleScript(.troubled)
        try console.press("-", "n")
        let first = try #require(console.selected)
        #expect(console.state.model.known.hasTrouble(first))
        var visited: [InstanceAddress] = [first]
        for _ in 0..<3 {
            try console.press("n")
            visited.append(try #require(console.selected))
        }
        #expect(Set(visited) == ["db3.ams", "db4.fra", "db5.fra"])
        #expect(visited.last == first)
        try console.press("N")
        #expect(console.selected == visited[2])
    }

    @Test("n says so where nothing is wrong")
    func nothingWrong() throws {
        var console = ConsoleScript(.healthy)
        try console.press("n")
        #expect(console.state.notice?.kind == .refused)
    }

    @Test("only instances with a problem are shown on request, with their sources, and Esc ends it")
    func problemsOnly() throws {
        var console = ConsoleScript(.troubled)
        try console.press("!")
        #expect(Set(console.shown) == ["db1.ams", "db2.ams", "db3.ams", "db4.fra", "db5.fra"])
        var fleet = Fleet.troubled
        fleet.update(.replica("db6.fra", of: "db1.ams"))
        console.show(fleet)
        #expect(!console.shown.contains("db6.fra"))
        try console.press("esc")
        #expect(console.shown.contains("db6.fra"))
    }

    @Test("the source of a replica is one key away")
    func jumpToSource() throws {
        var console = ConsoleScript(.healthy)
        try console.press("end", "backspace")
        #expect(console.selected == "db2")
        try console.press("home", "backspace")
        #expect(console.selected == "db1")
        #expect(console.state.notice != nil)
    }

    @Test("one cluster or all: the cursor stays on its instance")
    func oneCluster() throws {
        var console = ConsoleScript(.twoClusters)
        try console.press("end")
        #expect(console.selected == "web2")
        try console.press("C")
        #expect(console.shown == ["web1", "web2"])
        #expect(console.selected == "web2")
        try console.press("esc")
        #expect(console.shown.count == 5)
        #expect(console.selected == "web2")
    }

    @Test("the list of clusters leads to the tree of one")
    func clusters() throws {
        var console = ConsoleScript(.twoClusters)
        try console.press("c", "down", "enter")
        #expect(console.shown == ["web1", "web2"])
        #expect(console.state.pages.isEmpty)
    }

    @Test("a page shows what it is about, and Esc goes back one level at a time")
    func pages() throws {
        var console = ConsoleScript(.troubled)
        try console.press("enter")
        #expect(console.state.screen is DetailScreen)
        try console.press("p")
        #expect(console.state.screen is ProblemsScreen)
        try console.press("esc", "esc")
        #expect(console.state.screen is TreeScreen)
    }

    @Test("Enter on a problem goes to its instance in the tree")
    func problemToInstance() throws {
        var console = ConsoleScript(.troubled)
        try console.press("-", "p")
        let page = try #require(console.state.screen as? ProblemsScreen)
        let subject = try #require(page.shown.first?.subject)
        try console.press("enter")
        #expect(console.state.screen is TreeScreen)
        #expect(console.selected == subject)
    }

    @Test("going from list to list builds no tower of pages")
    func noTower() throws {
        var console = ConsoleScript(.troubled)
        try console.press("p", "e", "p", "e", "p", "e")
        #expect(console.state.pages.count <= 2)
    }

    @Test("tab gives the keys to the detail panel where it stands beside the tree, and opens it where it does not")
    func panels() throws {
        var wide = ConsoleScript(.troubled, width: 120, height: 12)
        try wide.press("tab", "down")
        #expect(wide.selected == "db1.ams")
        #expect(wide.state.tree.detailScroll.top == 1)
        try wide.press("tab", "down")
        #expect(wide.selected == "db2.ams")
        var narrow = ConsoleScript(.troubled)
        try narrow.press("tab")
        #expect(narrow.state.screen is DetailScreen)
        try narrow.press("tab")
        #expect(narrow.state.screen is TreeScreen)
    }
}

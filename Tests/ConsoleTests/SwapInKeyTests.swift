import Recovery
import Refactoring
import Storage
import TestSupport
import Testing
import Topology

@testable import Console
@testable import Operations

extension ConsoleScript {
    /// Lets a failover come to its end by the assistant, in which db3 was preferred and late; the page of it is open.
    mutating func promoteInsteadOfPreferred() throws {
        let must = Mark(PromotionRule.must, owner: "anna", reason: "", begins: .testNow - .seconds(60))
        marks = OperatorMarks(promotionRules: ["db3.ams": must])
        show(.lostPreferred)
        try press("f", "3", "y")
        type("shop")
        try press("enter")
        let number = state.lastNumber
        happen(.operation(number, .began(12)))
        happen(.operations(.read([.test(12, .done)], open: [])))
        let report = OperationReport(
            operation: 12, ending: .done, durations: [], changedOptions: [], states: [:], choices: [])
        happen(.acted(number, .report(report)))
        show(.lostPreferredAfter)
    }
}

@Suite("The key that hands over to a preferred server")
struct SwapInKeyTests {
    @Test("after a failover s opens the checks of the switchover to it; nothing is done by itself")
    func opens() throws {
        var console = ConsoleScript(.lostPreferred)
        try console.promoteInsteadOfPreferred()
        #expect(console.state.screen is OperationScreen)
        #expect(console.text().contains("s swap in"), "\(console.text())")
        try console.press("s")
        let page = try #require(console.state.screen as? AssistantScreen)
        #expect(page.matter == .switchover(of: "db2.ams"))
        #expect(page.choice.page == .failure && page.choice.candidate == "db3.ams")
        let isActing = console.effects.contains { if case .act = $0 { true } else { false } }
        #expect(!isActing)
    }

    @Test("the page of the switchover's recovery names the failover")
    func linked() {
        var record = RecoveryRecord.test(4, .done)
        let console = ConsoleScript(.lost)
        #expect(!RecoveryWords.lines(record, console.state.model).contains { $0.label == "follows" })
        record.follows = 3
        #expect(RecoveryWords.lines(record, console.state.model).contains { $0.label == "follows" })
    }

    @Test("it is not there where nobody is preferred, and where another server is the primary by now")
    func none() throws {
        var console = ConsoleScript(.lostPreferred)
        try console.promoteInsteadOfPreferred()
        var fleet = Fleet([
            .source("db3.ams"), .replica("db2.ams", of: "db3.ams"), .replica("db5.fra", of: "db3.ams"),
        ])
        fleet.setClusterAlias("shop", of: "db3.ams")
        console.show(fleet)
        #expect(!console.text().contains("s swap in"))
        try console.press("s")
        #expect(console.state.screen is OperationScreen)
        #expect(console.line(containing: "no failover has come to its end here") != nil)
    }
}

import Engine
import Storage
import TestSupport
import Testing
import Topology

@testable import Console

@Suite("What is told")
struct MessagesTests {
    private static let long =
        "the fleet was not written: /srv/backups/topologies/production/europe/2026/11/22/shop.json cannot be written: "
        + "Permission denied; the folder belongs to root, and this console runs as dba: choose another folder"

    /// The rows of the picture between the page and the hints.
    private func told(_ console: ConsoleScript) -> [String] {
        let rows = console.text().split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let edge = rows.lastIndex { $0.hasPrefix("└") } ?? -1
        return Array(rows[(edge + 1)...].dropLast())
    }

    @Test("a long notice takes as many lines as it needs, from the page, and gives them back with the next key")
    func wraps() throws {
        var console = ConsoleScript(.deep)
        try console.press("end")
        _ = console.state.reduce(.told(Notice(.refused, Self.long)))
        let rows = told(console)
        #expect(rows.count > 2)
        #expect(rows.joined(separator: " ").split(separator: " ").joined(separator: " ") == "▲ " + Self.long)
        #expect(console.line(containing: "chain29:3306") != nil, "the cursor stays in view")
        try console.press("up")
        #expect(told(console).count == 1)
    }

    @Test("what is longer than that names the key that shows all, and the list has it in full, newest first")
    func lists() throws {
        var console = ConsoleScript(.healthy, height: 12)
        _ = console.state.reduce(.told(Notice(.done, "every server is asked now")))
        console.pass(.testNow + .seconds(90))
        _ = console.state.reduce(.told(Notice(.refused, Self.long + " " + Self.long)))
        #expect(told(console).count == 3)
        #expect(told(console).last?.hasSuffix("… (@ shows all)") == true)
        try console.press("@")
        console.resize(width: 80, height: 30)
        let page = console.text()
        #expect(page.contains("12:01:30") && page.contains("12:00:00  every server is asked now"))
        let words = page.split { $0.isWhitespace || $0 == "│" }.joined(separator: " ")
        #expect(words.contains(Self.long))
        try console.press("@")
        #expect(console.state.pages.isEmpty)
        try console.run("messages")
        #expect(console.state.screen is MessagesScreen)
    }

    @Test("a notice that is told again is kept once, and no more than a shift's are kept")
    func bounds() {
        var console = ConsoleScript(.healthy)
        for _ in 0..<3 { _ = console.state.reduce(.told(Notice(.done, "done"))) }
        #expect(console.state.model.messages.count == 1)
        for number in 0..<300 { _ = console.state.reduce(.told(Notice(.done, "\(number)"))) }
        #expect(console.state.model.messages.count == ConsoleModel.messageLimit)
    }

    @Test("what keeps the history from being written is in the list once, in full")
    func recordingTrouble() {
        var console = ConsoleScript(.healthy)
        var update = EngineUpdate(diagnosis: console.state.model.known.diagnosis, origin: .live)
        update.recording = .failing(Self.long)
        for _ in 0..<3 { _ = console.state.reduce(.update(update)) }
        #expect(console.state.model.messages.map(\.notice.sentence) == ["the history is not written: " + Self.long])
        #expect(console.text().contains("(@ shows all)"))
    }
}

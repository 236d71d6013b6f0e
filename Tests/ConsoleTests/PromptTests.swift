import TerminalKit
import TestSupport
import Testing
import Topology

@testable import Console

@Suite("Typing")
struct PromptTests {
    @Test("the filter works as it is typed, shows the sources of what matches, and goes to the match")
    func filters() throws {
        var console = ConsoleScript(.troubled)
        try console.press("/")
        console.type("db5")
        #expect(console.shown == ["db1.ams", "db2.ams", "db5.fra"])
        #expect(console.selected == "db5.fra")
        try console.press("enter")
        #expect(console.shown.count == 3)
        try console.press("esc")
        #expect(console.shown.count == 5)
        #expect(console.selected == "db5.fra")
    }

    @Test(
        "the filter finds versions, aliases and words of problems",
        arguments: ["8.4.3", "reporting", "duplicate entry"])
    func findsWords(text: String) {
        var fleet = Fleet.troubled
        var alias = Instance.replica("db6.fra", of: "db1.ams")
        alias.alias = "Reporting"
        fleet.update(alias)
        var console = ConsoleScript(fleet)
        console.type("/" + text)
        #expect(!console.shown.isEmpty)
        #expect(console.shown.contains(text == "reporting" ? "db6.fra" : "db4.fra"))
    }

    @Test("the filter looks into folded branches, and Esc leaves the match in view")
    func filterUnfolds() throws {
        var console = ConsoleScript(.healthy)
        try console.press("-", "/")
        console.type("db3")
        #expect(console.selected == "db3")
        try console.press("esc")
        #expect(console.selected == "db3")
    }

    @Test("q types a q into the filter")
    func typesQ() throws {
        var console = ConsoleScript(.healthy)
        try console.press("/", "q")
        #expect(console.effects.isEmpty)
        #expect(console.state.tree.filterText == "q")
    }

    @Test("q and Ctrl-C quit at once, because nothing runs that could be lost", arguments: ["q", "ctrl+c"])
    func quits(key: String) throws {
        var console = ConsoleScript(.healthy)
        try console.press(key)
        #expect(console.effects == [.quit])
    }

    @Test("Ctrl-Z suspends")
    func suspends() throws {
        var console = ConsoleScript(.healthy)
        try console.press("ctrl+z")
        #expect(console.effects == [.suspend])
    }

    @Test("a command does what the command line does")
    func commands() throws {
        var console = ConsoleScript(.healthy)
        console.type(":discover db9:3307")
        try console.press("enter")
        #expect(console.effects == [.discover("db9:3307")])
        console.type(":quit")
        try console.press("enter")
        #expect(console.effects == [.quit])
        console.type(":filter db3")
        try console.press("enter")
        #expect(console.shown == ["db1", "db2", "db3"])
        #expect(console.state.tree.filterText == "db3")
    }

    @Test("forgetting asks first; only y says yes, not Enter, not a paste")
    func forgets() throws {
        var console = ConsoleScript(.healthy)
        console.type(":forget db3")
        try console.press("enter")
        #expect(console.effects == [.discardTypeAhead])
        try console.press("enter")
        console.paste("y")
        #expect(console.effects.isEmpty)
        #expect(console.text().contains("Forget db3:3306?"))
        try console.press("y")
        #expect(console.effects == [.forget("db3")])
    }

    @Test("forgetting can be refused")
    func keeps() throws {
        var console = ConsoleScript(.healthy)
        console.type(":forget db3")
        try console.press("enter", "n")
        #expect(!console.effects.contains(.forget("db3")))
        #expect(console.state.prompt == nil)
    }

    @Test("keys that were typed ahead of a question do not answer it")
    func typeAhead() throws {
        var state = ConsoleScript(.healthy).state
        let keys = ":forget db3".map { ConsoleEvent.key(.character($0)) }
        let effects = ConsoleSession.reduce(keys + [.key(.named(.enter)), .key(.character("y"))], &state)
        #expect(!effects.contains(.forget("db3")))
        #expect(state.prompt != nil)
    }

    @Test("a mistyped command says what there is")
    func mistakes() throws {
        var console = ConsoleScript(.healthy)
        console.type(":frobnicate")
        try console.press("enter")
        #expect(console.text().contains("frobnicate is no command"))
        console.type(":discover db9:port")
        try console.press("enter")
        #expect(console.state.notice?.kind == .refused)
    }

    @Test("tab completes a command, and an unambiguous beginning is enough")
    func completes() throws {
        var console = ConsoleScript(.healthy)
        console.type(":disc")
        try console.press("tab")
        console.type("db9")
        try console.press("enter")
        #expect(console.effects == [.discover("db9")])
        console.type(":prob")
        try console.press("enter")
        #expect(console.state.screen is ProblemsScreen)
    }

    @Test("every command of the help can be read")
    func allCommands() throws {
        for form in ConsoleCommand.all {
            let argument = form.argument.isEmpty ? "" : form.word == "snapshot" ? " save fleet.json" : " db1"
            _ = try ConsoleCommand(line: form.word + argument)
        }
    }

    @Test("what is pasted into a line is one line, without control characters")
    func pastes() throws {
        var console = ConsoleScript(.healthy)
        try console.press("/")
        console.paste("db\u{1B}[31m3\nx")
        #expect(console.state.tree.filterText == "db[31m3 x")
    }
}

@Suite("What is looked for")
struct SearchNeedleTests {
    @Test(
        "is found whatever the case, also beyond ASCII",
        arguments: [("orders", "ORDERS-3"), ("Ü", "grün über"), ("", "x")])
    func finds(needle: String, text: String) {
        #expect(SearchNeedle(needle).isFound(in: text))
    }

    @Test("is not found where it is not, and an empty one marks nothing")
    func doesNotFind() {
        #expect(!SearchNeedle("db3").isFound(in: "db2:3306"))
        #expect(SearchNeedle("").place(in: "db2") == nil)
        #expect(SearchNeedle("DB2").place(in: "a.db2") == 2..<5)
        #expect(SearchNeedle("d").place(in: "über.d") == nil)
    }
}

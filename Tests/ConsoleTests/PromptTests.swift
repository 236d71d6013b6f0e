import Storage
import TerminalKit
import TestSupport
import Testing
import Topology

@testable import Console

@Suite("Typing")
struct PromptTests {
    @Test("a password that is typed is seen nowhere, and given to plans")
    func password() throws {
        var console = ConsoleScript(.healthy)
        try console.run("replication-password")
        console.type("geheim!7")
        #expect(console.line(containing: "password of the replication account: ********") != nil)
        try console.press("enter")
        #expect(console.effects == [.givePassword(TypedPassword(text: "geheim!7"))])
        #expect(!"\(console.effects)".contains("geheim"))
        #expect(!console.text().contains("geheim"))
        var lookOnly = ConsoleScript(.healthy, authority: ConsoleAuthority(objection: "only looking"))
        try lookOnly.run("replication-password")
        #expect(lookOnly.state.prompt == nil)
    }

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

    @Test(
        "the filter finds what a row says, in words and in codes, and what that is short for",
        arguments: [
            ("sql err", ["db4.fra"]), ("lagging", ["db3.ams"]), ("42 s", ["db3.ams"]), ("gone", ["db5.fra"]),
            ("read-only", ["db2.ams", "db3.ams", "db4.fra", "db5.fra"]), ("rw", ["db1.ams"]),
            ("ro", ["db2.ams", "db3.ams", "db4.fra", "db5.fra"]), ("primary", ["db1.ams", "db4.fra"]),
            ("intermediate", ["db2.ams"]), ("mysql", ["db1.ams", "db2.ams", "db3.ams", "db4.fra", "db5.fra"]),
            ("row", ["db1.ams", "db2.ams", "db3.ams", "db4.fra", "db5.fra"]), ("broken", ["db4.fra", "db5.fra"]),
        ])
    func findsRows(text: String, matches: [InstanceAddress]) {
        let console = ConsoleScript(.troubled)
        let needle = SearchNeedle(text)
        let model = console.state.model
        let found = model.known.fleet.addresses.filter { model.isFound(needle, in: $0) }
        #expect(found.sorted() == matches, "\(text)")
    }

    @Test("the filter finds co-primaries by the word on their rows, and clusters by their alias")
    func findsPlaces() throws {
        var console = ConsoleScript(.odd)
        console.type("/co-prim")
        #expect(console.shown == ["left", "right"])
        var shop = ConsoleScript(.shop)
        shop.type("/web")
        #expect(shop.shown == ["web1.ams", "web2.ams", "web3.fra"])
        try shop.press("esc")
        shop.type("/shop")
        #expect(shop.shown.contains("db7.fra") && !shop.shown.contains("web1.ams"))
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

    @Test("a slip in a command or in a name is answered with what was meant")
    func slips() throws {
        var fleet = Fleet.healthy
        var alias = try #require(fleet["db3"])
        alias.alias = "reporting"
        fleet.update(alias)
        fleet.setClusterAlias("shop", of: "db1")
        var console = ConsoleScript(fleet)
        for (line, meant) in [
            ("porblems", "problems"), ("instance db9", "db1"), ("instance db3:3307", "db3:3306"),
            ("forget reportign", "reporting"), ("topology shpo", "shop"),
        ] {
            try console.run(line)
            let notice = try #require(console.state.notice)
            #expect(notice.kind == .refused && notice.sentence.contains("(did you mean \"\(meant)\"?)"), "\(notice)")
            #expect(console.state.prompt == nil)
        }
    }

    @Test("a server is named by its alias, by its host where one server is there, and by its address")
    func names() throws {
        var fleet = Fleet.healthy
        for (address, name) in [("db3", "Reporting"), ("db2", "twin"), ("db1", "twin")] as [(InstanceAddress, String)] {
            var instance = try #require(fleet[address])
            instance.alias = name
            fleet.update(instance)
        }
        fleet.update(.replica("web:3307", of: "db3"))
        var console = ConsoleScript(fleet)
        for (name, address) in [("reporting", "db3"), ("web", "web:3307"), ("db2:3306", "db2")]
            as [(String, InstanceAddress)]
        {
            try console.run("instance \(name)")
            #expect(console.selected == address, "\(name)")
        }
        try console.run("forget Reporting")
        #expect(console.text().contains("Forget db3:3306 (Reporting)?"))
        try console.press("y")
        #expect(console.effects == [.forget("db3")])
        try console.run("discover reporting")
        #expect(console.effects == [.discover("db3")])
        try console.run("instance twin")
        #expect(
            try #require(console.state.notice).sentence
                == "twin is the alias of 2 servers: db1:3306, db2:3306; name one")
    }

    @Test("tab completes the name of a server or a cluster after the command")
    func completesNames() throws {
        var console = ConsoleScript(.shop)
        console.type(":inst")
        try console.press("tab")
        console.type("web3")
        try console.press("tab", "enter")
        #expect(console.selected == "web3.fra")
        console.type(":top we")
        try console.press("tab")
        console.type("")
        #expect(console.text().contains(":top web"))
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
            let samples = [
                "snapshot": " save fleet.json", "undo": " 7", "operations": " resume 7", "promotion-rule": " db1 must",
                "ack": " 7 --reason seen",
            ]
            let argument = form.argument.isEmpty ? "" : samples[form.word] ?? " db1"
            _ = try ConsoleCommand(line: form.word + argument)
        }
    }

    @Test("what is said about a server is of the one under the cursor where none is named")
    func marks() throws {
        var console = ConsoleScript(.healthy)
        console.type(":downtime db9 --for 1h --reason disk")
        try console.press("enter")
        let words = MarkWords(
            server: "db9", meaning: .downtime(.planned), kind: .downtime, length: .seconds(3600), reason: "disk")
        #expect(console.effects == [.mark("db9", words)])
        console.type(":begin-downtime --for forever")
        try console.press("enter")
        guard case .mark(let server, let here)? = console.effects.last else {
            Issue.record("nothing is said: \(console.effects)")
            return
        }
        #expect(server == console.state.tree.selected && here.length == nil && here.meaning == .downtime(.planned))
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

    @Test("begins a word, and means a code by all of it or three letters of its beginning")
    func words() {
        #expect(SearchNeedle("SQL e").beginsWord(in: "▲ sql error 1062"))
        #expect(!SearchNeedle("ro").beginsWord(in: "an error from ürow"))
        #expect(SearchNeedle("ro").beginsWord(in: "error (row)"))
        #expect(SearchNeedle("ro").means("ro") && !SearchNeedle("ro").means("ROW"))
        #expect(SearchNeedle("gti").means("gtid") && !SearchNeedle("gt").means("gtid"))
    }

    @Test("is not found where it is not, and an empty one marks nothing")
    func doesNotFind() {
        #expect(!SearchNeedle("db3").isFound(in: "db2:3306"))
        #expect(SearchNeedle("").place(in: "db2") == nil)
        #expect(SearchNeedle("DB2").place(in: "a.db2") == 2..<5)
        #expect(SearchNeedle("d").place(in: "über.d") == nil)
    }
}

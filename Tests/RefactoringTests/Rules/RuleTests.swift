import Foundation
import Refactoring
import TestSupport
import Testing
import Topology

@Suite("Rules")
struct RuleTests {
    @Test("each rule says what it is to say", arguments: RuleCases.all)
    func cases(_ example: RuleCase) throws {
        let reasons = example.reasons
        #expect(reasons.map(\.gravity).max() == example.expected, "\(reasons.map(\.sentence))")
        let rule = try #require(Rule.all.first { $0.id == example.rule })
        for reason in reasons {
            #expect(reason.rule == example.rule)
            #expect(reason.gravity <= rule.gravity, "the page says that this is the gravest")
            #expect(!reason.remedies.isEmpty)
            #expect(!reason.sentence.contains("\n"))
        }
        let texts = reasons.map(\.sentence) + reasons.flatMap(\.measured).map { "\($0.name) \($0.value)" }
        #expect(example.says.isEmpty || texts.contains { $0.contains(example.says) }, "\(texts)")
    }

    @Test("from afar a target looks as it does from near", arguments: RuleCases.all)
    func outline(_ example: RuleCase) {
        let drag = DragVerdicts(
            example.scene, of: example.replica, channel: example.channel, moving: example.moving,
            context: example.context)
        let verdict = drag.verdict(under: example.target)
        #expect(drag.outline(under: example.target).gravity == verdict.reasons.first?.gravity)
    }

    @Test("every rule has an example that it objects to and one that it lets pass")
    func tested() {
        let objecting = Set(RuleCases.all.filter { $0.expected != nil }.map(\.rule))
        let passing = Set(RuleCases.all.filter { $0.expected == nil }.map(\.rule))
        let all = Set(Rule.all.map(\.id))
        #expect(all.subtracting(objecting).sorted() == [])
        #expect(all.subtracting(passing).sorted() == [])
        #expect(objecting.subtracting(all).sorted() == [])
    }

    @Test("a rule's gravest answer has an example", arguments: Rule.all.map(\.id))
    func gravest(_ id: RuleID) throws {
        let rule = try #require(Rule.all.first { $0.id == id })
        #expect(RuleCases.all.contains { $0.rule == id && $0.expected == rule.gravity })
    }

    @Test("ids are unique, and every rule and every condition tells why and what helps")
    func words() {
        #expect(Set(Explanation.all.map(\.id)).count == Explanation.all.count)
        for page in Explanation.all {
            #expect(!page.title.isEmpty && !page.why.isEmpty && !page.remedy.isEmpty)
            #expect(page.why.hasSuffix(".") && page.remedy.hasSuffix(".") && !page.title.hasSuffix("."))
            #expect(page.id.rawValue.split(separator: ".").count == 2)
        }
        for rule in Rule.all { #expect(!rule.contexts.isEmpty) }
    }

    @Test("two healthy siblings may be put below each other without a word")
    func allowed() {
        #expect(RuleScene(Fleet(Trio.mysql), now: .testNow).verdict(of: "db2", under: "db3") == .allowed)
        #expect(RuleScene(Fleet(MariaTrio.all), now: .testNow).verdict(of: "db2", under: "db3") == .allowed)
    }

    @Test("remedies are in the dialect of the server")
    func dialects() {
        func remedies(_ instances: [Instance]) -> [Remedy] {
            RuleScene(Fleet(instances), now: .testNow).verdict(of: "db2", under: "db3").reasons
                .filter { $0.rule == "repl.stopped" }.flatMap(\.remedies)
        }
        func stopped(_ instance: Instance) -> Instance { instance.withChannel { $0.applier = .stopped } }
        #expect(remedies(Trio.with(stopped)) == [.statement("START REPLICA FOR CHANNEL ''", on: "db2")])
        let old = Trio.with { stopped(Trio.version(Trio.mysqlVersion(5, 7, 44))($0)) }
        #expect(remedies(old) == [.statement("START SLAVE FOR CHANNEL ''", on: "db2")])
        let named = stopped(MariaTrio.db2).withChannel { $0.name = "it's" }
        #expect(remedies(MariaTrio.with(named)) == [.statement("START SLAVE 'it''s'", on: "db2")])
        let channel = Trio.with { stopped($0).withChannel { $0.name = "c" } }
        #expect(remedies(channel) == [.statement("START REPLICA FOR CHANNEL 'c'", on: "db2")])
    }
}

@Suite("Pages of rules")
struct RulePagesTests {
    private let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../../docs/rules").standardizedFileURL

    @Test(
        "every rule and every condition has its page in docs/rules as the program prints it",
        arguments: Explanation.all.map(\.id))
    func page(_ id: RuleID) throws {
        let page = try #require(Explanation.all.first { $0.id == id })
        try Golden.check(RulePages.page(of: page), file: folder.appendingPathComponent(RulePages.fileName(of: page)))
    }

    @Test("the index lists them all, and no page is left of a rule that is gone")
    func index() throws {
        try Golden.check(RulePages.index(), file: folder.appendingPathComponent("README.md"))
        let pages = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(Set(pages) == Set(Explanation.all.map(RulePages.fileName(of:)) + ["README.md"]))
    }
}

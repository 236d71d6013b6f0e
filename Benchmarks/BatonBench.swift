import ArgumentParser
import Foundation
import Lab

/// Measures baton on a real lab of eleven servers in three levels; `make bench` runs it.
///
/// Absolute times differ from machine to machine; compare runs on one machine, and medians only.
@main
struct BatonBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "baton-bench", abstract: "Measures baton on a real lab of eleven servers.")

    /// One primary, two intermediate sources, eight replicas.
    static let shape = "p(a(c d e f) b(g h i j))"

    /// Figures that need no servers, or others than the tree of eleven.
    private static let withoutTree: Set = [
        "verdicts", "failures", "failover", "hang", "drop", "proxy", "switchover",
    ]

    @Option(help: "The servers' family: mariadb or mysql.")
    var flavor = "mariadb"
    @Option(help: "How often each figure is measured; the median is printed.")
    var runs = 5
    @Option(help: "The baton binary whose console is measured.")
    var baton = ".build/release/baton"
    @Option(
        help:
            "Only these figures: verdicts, failures, failover, hang, drop, proxy, switchover, crawl, move, rest, load, frozen, kill, paint, idle, shown."
    )
    var only: [String] = []
    @Flag(help: "Print one JSON object a figure instead of the table.")
    var json = false

    func run() async throws {
        // Needs no servers.
        if only.isEmpty || only.contains("verdicts") {
            for figure in VerdictFigures(runs: runs, note: note).all() { print(json ? figure.json : figure.line) }
        }
        if only.isEmpty || only.contains("failures") {
            for figure in FailureFigures(runs: runs, note: note).all() { print(json ? figure.json : figure.line) }
        }
        try await measureRecoveries()
        if !only.isEmpty, Self.withoutTree.isSuperset(of: only) { return }
        let folder = FileManager.default.temporaryDirectory.path + "/baton-bench-\(getpid())"
        let shape = try Shape(parsing: "\(flavor): \(Self.shape)")
        note("starting \(shape.serverCount) \(flavor) servers")
        let lab = try await Lab.up(shape, in: folder, name: "bench", lifetime: .thisProcess)
        do {
            try await measure(lab)
            try await lab.down()
        } catch {
            try? await lab.down()
            throw error
        }
    }

    /// Those for which servers are lost, each on labs of its own; only where they are asked for, because each takes minutes.
    private func measureRecoveries() async throws {
        // The moment of the loss within a poll counts, so that fewer say little.
        let recoveries = FailoverFigures(flavor: flavor, runs: max(runs, 10), note: note)
        if only.contains("failover") { show(try await recoveries.failovers(.killed)) }
        if only.contains("hang") { show(try await recoveries.failovers(.frozen)) }
        if only.contains("drop") { show(try await recoveries.failovers(.cutOff)) }
        if only.contains("proxy") { show(try await recoveries.failoversBehindProxy(.killed)) }
        if only.contains("switchover") { show(try await recoveries.switchovers()) }
    }

    private func show(_ figures: [Figure]) {
        for figure in figures { print(json ? figure.json : figure.line) }
        fflush(nil)
    }

    /// Measures one figure after the other and prints each at once, so that a failure costs only what comes after it.
    private func measure(_ lab: Lab) async throws {
        let engine = try EngineFigures(lab: lab, runs: runs, baton: baton, note: note)
        let console = try ConsoleFigures(lab: lab, runs: runs, baton: baton, note: note)
        let moves = try MoveFigures(lab: lab, runs: runs, note: note)
        let figures: [(name: String, measure: () async throws -> [Figure])] = [
            ("crawl", { [try await engine.seedToTree()] }),
            ("move", { try await moves.moves() }),
            ("rest", { try await engine.pollCost(underLoad: false) }),
            ("load", { try await engine.pollCost(underLoad: true) }),
            ("frozen", { [try await engine.intervalOfOthers(frozen: 3)] }),
            ("kill", { [try await engine.killToGone()] }),
            ("paint", { [try await console.firstPaint()] }),
            ("idle", { try await console.idleCost() }),
            ("shown", { [try await console.killToShown()] }),
        ]
        for group in figures where only.isEmpty || only.contains(group.name) {
            for figure in try await group.measure() { print(json ? figure.json : figure.line) }
            fflush(nil)
        }
    }

    private func note(_ text: String) {
        FileHandle.standardError.write(Data("… \(text)\n".utf8))
    }
}

/// One measured figure: its median, how far the runs lay apart, and what it should be.
struct Figure: Sendable {
    let name: String
    let unit: String
    let values: [Double]
    /// The bound that the figure is held against, in words.
    let target: String

    init(_ name: String, unit: String, _ values: [Double], target: String) {
        self.name = name
        self.unit = unit
        self.values = values.sorted()
        self.target = target
    }

    var median: Double {
        guard !values.isEmpty else { return .nan }
        let middle = values.count / 2
        return values.count % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2
    }

    var line: String {
        let range = values.count > 1 ? "  (\(text(values[0])) to \(text(values[values.count - 1])))" : ""
        let padding = String(repeating: " ", count: max(1, 58 - name.count))
        return "\(name)\(padding)\(text(median)) \(unit)\(range)  target \(target)"
    }

    var json: String {
        let list = values.map { text($0) }.joined(separator: ",")
        return
            #"{"figure":"\#(name)","unit":"\#(unit)","median":\#(text(median)),"values":[\#(list)],"target":"\#(target)"}"#
    }

    private func text(_ value: Double) -> String { String(format: value < 10 ? "%.3f" : "%.1f", value) }
}

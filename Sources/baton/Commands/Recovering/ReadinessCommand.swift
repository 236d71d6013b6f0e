import ArgumentParser
import Engine
import Recovery
import Refactoring
import Storage
import TerminalKit
import Topology

/// `baton readiness`: what would block or harm a recovery today.
struct ReadinessCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "readiness",
        abstract: "Say what would block or harm a recovery of a cluster today, and what mends it.",
        discussion: """
            Given a cluster or a server of it, asks its servers; given none, answers for all clusters from the store. Changes \
            nothing. Ends with code 1 where a recovery would be blocked; with --check also where it would be harmed.
            """
    )

    @Flag(help: "End with exit code 1 also where a recovery would be harmed and not blocked.")
    var check = false
    @OptionGroup var question: ClusterQuestion

    func run() async throws {
        let (answer, clusters, _) = try await question.read()
        let scene = answer.scene(locks: [:])
        let switches = try await question.switches()
        let found = clusters.map { cluster in
            let off = switches.first { $0.cluster == nil || $0.cluster.map { cluster.members.contains($0.id) } == true }
            let words = off.map { off in
                "by \(off.owner) since \(off.since)" + (off.reason.isEmpty ? "" : ", \(off.reason)")
            }
            return (
                name: cluster.name,
                readiness: Readiness(
                    of: cluster, in: scene, policy: answer.settings.recoveries.policy(for: cluster.members).candidates,
                    switchedOff: words)
            )
        }
        let width = TextLook.ofStandardOutput(theme: answer.theme).width
        question.output.print(
            lines: found.flatMap { Self.lines(of: $0.readiness, named: $0.name, width: width) },
            json: .array(found.map { $0.readiness.json(named: $0.name) }))
        let weights = found.flatMap { $0.readiness.findings.map(\.weight) }
        if weights.contains(.blocks) || check && weights.contains(.harms) {
            throw ExitCode(CommandFailure.Code.negative.rawValue)
        }
    }

    private static func lines(of readiness: Readiness, named name: String, width: Int) -> [String] {
        let best = readiness.ranking?.best.map { ", \($0.instance) would take over" } ?? ""
        let head =
            readiness.findings.isEmpty
            ? "\(name): ready\(best)"
            : "\(name): " + (readiness.isPossible ? "a recovery is possible\(best)" : "a recovery would be blocked")
        func indented(_ text: String, by count: Int) -> [String] {
            CellText.wrap(text, to: max(40, width) - count).map { String(repeating: " ", count: count) + $0 }
        }
        return [head]
            + readiness.findings.flatMap { finding in
                indented("\(finding.weight.rawValue)  \(finding.sentence)  [\(finding.check)]", by: 2)
                    + finding.remedies.flatMap { indented("to mend it: \($0.words)", by: 6) }
            }
    }
}

extension Readiness {
    /// The stable JSON of a cluster's readiness.
    fileprivate func json(named name: String) -> JSON {
        [
            "cluster": .string(name),
            "primary": primary.map { .string($0.description) } ?? .null,
            "possible": .bool(isPossible),
            "candidate": ranking?.best.map { .string($0.instance.description) } ?? .null,
            "findings": .array(
                findings.map { finding in
                    [
                        "check": .string(finding.check.rawValue),
                        "weight": .string(finding.weight.rawValue),
                        "server": finding.subject.map { .string($0.description) } ?? .null,
                        "sentence": .string(finding.sentence),
                        "measured": .array(finding.measured.map(\.json)),
                        "remedies": .array(finding.remedies.map(\.json)),
                    ]
                }),
        ]
    }
}

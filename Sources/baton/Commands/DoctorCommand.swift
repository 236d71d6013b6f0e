import ArgumentParser
import Servers
import Storage
import Topology

/// `baton doctor`: what baton can see and do on a server, and what would be in the way of a move or a recovery.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Tell what baton can and can't see and do on a server, with the GRANTs that it lacks.",
        discussion: "Ends with exit code 1 when something would block a safe move or recovery."
    )

    @Argument(help: "The server: host, host:port, [ipv6]:port, or the alias of a server that the store knows.")
    var server: ServerArgument
    @Flag(help: "List what is well, too.")
    var all = false
    @OptionGroup var output: FormatOption
    @OptionGroup var global: GlobalOptions
    @OptionGroup(title: "Logging in") var access: AccessOptions
    @OptionGroup var store: StoreOptions

    func run() async throws {
        let report = try await examine()
        output.print(lines: DoctorText.lines(report, all: all), json: DoctorText.json(report))
        if report.worst == .blocker { throw ExitCode(CommandFailure.Code.negative.rawValue) }
    }

    private func examine() async throws -> DoctorReport {
        let configuration = try global.configuration()
        let named = try await StoreAccess.find([server], store, configuration)[0]
        let book = try AccessBook(access, configuration)
        do {
            let settings = book.settings(for: named.address)
            return DoctorReport(try await Doctor.examine(named.address, settings: settings, options: book.probe))
        } catch let error as ConnectionError {
            let kind = error.contactFailure.kind
            throw CommandFailure(
                error.isNoAccess ? .noAccess : .unreachable,
                "\(error)" + (kind == .unknownHost ? named.assumptionAsRest : "") + kind.advice)
        } catch let error as DoctorError {
            throw CommandFailure(.unreachable, "\(error)")
        }
    }
}

/// A doctor's report, written out.
enum DoctorText {
    static func lines(_ report: DoctorReport, all: Bool) -> [String] {
        var lines = [
            "\(report.address)  \(report.facts.version.flavor.rawValue) \(report.facts.version.text)  as \(report.account)"
        ]
        for area in DoctorFinding.Area.allCases {
            let findings = report.findings.filter { $0.area == area }
            let shown = findings.filter { all || $0.severity > .fine }
            lines += ["", "\(area.title): \(summary(findings))"]
            for finding in shown {
                lines.append("  \(finding.severity.mark) \(finding.measured)  [\(finding.id)]")
                lines.append("      \(finding.why)")
                if let remedy = finding.remedy { lines.append("      to mend it: \(remedy)") }
            }
        }
        if !report.missingGrants.isEmpty {
            lines += ["", "The statements that give this account what it lacks:"]
            lines += report.missingGrants.map { "  \($0);" }
        }
        return lines
    }

    static func json(_ report: DoctorReport) -> JSON {
        [
            "address": .string(report.address.description),
            "account": .string(report.account),
            "version": .string(report.facts.version.text),
            "missingGrants": .array(report.missingGrants.map { .string($0) }),
            "findings": .array(
                report.findings.map { finding in
                    [
                        "id": .string(finding.id),
                        "area": .string(finding.area.rawValue),
                        "severity": .string(finding.severity.word),
                        "measured": .string(finding.measured),
                        "why": .string(finding.why),
                        "remedy": finding.remedy.map { .string($0) } ?? .null,
                    ]
                }),
        ]
    }

    private static func summary(_ findings: [DoctorFinding]) -> String {
        let counts = DoctorFinding.Severity.allCases.reversed().compactMap { severity -> String? in
            let count = findings.count { $0.severity == severity }
            return count == 0 ? nil : "\(count) \(severity.word)"
        }
        return counts.joined(separator: ", ")
    }
}

extension DoctorFinding.Area {
    fileprivate var title: String {
        switch self {
        case .seeing: "What baton can see"
        case .acting: "What baton could do"
        case .configuration: "What stands in the way of a safe move or recovery"
        }
    }
}

extension DoctorFinding.Severity {
    fileprivate var word: String {
        switch self {
        case .fine: "fine"
        case .note: "note"
        case .warning: "warning"
        case .blocker: "blocker"
        }
    }

    /// Shape and letter say the same on any terminal.
    fileprivate var mark: String {
        switch self {
        case .fine: "ok     "
        case .note: "note   "
        case .warning: "WARNING"
        case .blocker: "BLOCKER"
        }
    }
}

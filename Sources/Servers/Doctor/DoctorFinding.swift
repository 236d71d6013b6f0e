import Topology

/// One thing that the doctor looked at on a server.
public struct DoctorFinding: Hashable, Sendable, Identifiable {
    /// What it is about.
    public enum Area: String, Hashable, Sendable, CaseIterable {
        /// What baton can read there.
        case seeing
        /// What baton could do there, had somebody confirmed it.
        case acting
        /// What in the server's configuration stands in the way of a safe move or recovery.
        case configuration
    }

    /// How much it matters, mildest first.
    public enum Severity: Int, Hashable, Comparable, Sendable, CaseIterable {
        case fine
        /// Worth knowing.
        case note
        /// A move or recovery works, with a risk or a loss that need not be.
        case warning
        /// A move or recovery fails or is unsafe.
        case blocker

        public static func < (left: Severity, right: Severity) -> Bool { left.rawValue < right.rawValue }
    }

    /// Stable, for example `binary-log`.
    public var id: String
    /// Which of the doctor's three questions it belongs to.
    public var area: Area
    /// How much it stands in the way; ``Severity/fine`` where all is well.
    public var severity: Severity
    /// What was found, with its value: `log_bin = OFF`.
    public var measured: String
    /// Why it matters.
    public var why: String
    /// The statement or setting that would mend it; `nil` where there is nothing to mend, or no one way.
    public var remedy: String?

    /// Makes a finding; a remedy is a statement or a sentence that mends it.
    public init(
        id: String, area: Area, severity: Severity, measured: String, why: String, remedy: String? = nil
    ) {
        self.id = id
        self.area = area
        self.severity = severity
        self.measured = measured.sanitized
        self.why = why
        self.remedy = remedy
    }
}

/// What baton can and can't see and do on one server, and what there would block a safe move or recovery.
public struct DoctorReport: Hashable, Sendable {
    /// The server that was examined, as it was asked for.
    public var address: InstanceAddress
    /// As the server knows us, `'user'@'host'`.
    public var account: String
    /// What the probe read there, for who wants more than the findings.
    public var facts: InstanceFacts
    /// In the order of areas; within one the gravest first.
    public var findings: [DoctorFinding]

    /// Judges an examination.
    ///
    /// - Parameter peers: other servers of the fleet, for what only the comparison shows (equal server ids).
    public init(_ examination: Examination, peers: [Instance] = []) {
        address = examination.address
        account = examination.account
        facts = examination.facts
        let configuration =
            facts.proxy == nil ? ConfigurationChecks.all.flatMap { $0(examination) } : []
        let found =
            IdentityChecks.findings(examination, peers: peers) + SeeingChecks.findings(examination)
            + ActingChecks.findings(examination) + configuration
        findings = DoctorFinding.Area.allCases.flatMap { area in
            let ofArea = found.filter { $0.area == area }
            return DoctorFinding.Severity.allCases.reversed().flatMap { severity in
                ofArea.filter { $0.severity == severity }
            }
        }
    }

    /// The gravest of all findings.
    public var worst: DoctorFinding.Severity { findings.map(\.severity).max() ?? .fine }

    /// The statements that give baton what it lacks, each once.
    public var missingGrants: [String] {
        var seen: Set<String> = []
        return findings.filter { $0.area != .configuration && $0.severity > .fine }.compactMap(\.remedy)
            .filter { seen.insert($0).inserted }
    }
}

import Topology

extension Detector {
    /// Facts that could not be read. Each costs only what it protects; without the replica status a replica cannot even
    /// be told from a source.
    static let missingPrivileges = Detector { examined, problems in
        guard let facts = examined.facts, !facts.unavailable.isEmpty else { return }
        let missing = facts.unavailable
        let isBlind = missing.contains { $0.fact == "replica status" }
        let names = missing.map(\.fact).joined(separator: ", ")
        problems.append(
            Problem(
                .missingPrivilege, isBlind ? .warning : .notice, of: examined.address,
                summary: "\(examined.address) does not let baton read: \(names)",
                evidence: missing.map {
                    $0.code == 0 ? "\($0.fact): \($0.message)" : "\($0.fact): error \($0.code): \($0.message)"
                },
                remedy: remedy(missing)))
    }

    /// Each statement once, in the order of the facts: one a line with its semicolon, so that all of them can be pasted
    /// into a client as they are.
    private static func remedy(_ missing: [UnavailableFact]) -> String? {
        var lines: [String] = []
        for line in missing.compactMap(\.remedy).flatMap(statements) where !lines.contains(line) { lines.append(line) }
        return lines.isEmpty ? nil : lines.joined(separator: "\n")
    }

    /// A fact may need several privileges, whose statements stand in a row.
    private static func statements(_ remedy: String) -> [String] {
        remedy.split(separator: "; ").map { $0.hasSuffix(";") ? String($0) : $0 + ";" }
    }
}

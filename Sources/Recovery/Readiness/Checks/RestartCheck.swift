import Refactoring
import Topology

extension ReadinessCheck {
    static let restart = ReadinessCheck("ready.restart", "A restart should change nothing that recovery relies on") {
        view, findings in
        for member in view.members {
            guard let facts = member.facts else { continue }
            for setting in facts.provisions.lostAtRestart ?? [] {
                let canPersist = facts.version.flavor.isMySQLFamily && facts.version.isAtLeast(8, 0)
                let line = "\(setting.variable) = \(setting.runtime)"
                let after = setting.persisted.map { "it would be \($0)" } ?? "its option file or the default decides"
                // That option files say the same cannot be told from a server.
                let isReadOnly = setting.variable.hasSuffix("read_only") && setting.runtime == "ON"
                findings.append(
                    ReadinessFinding(
                        "ready.restart", isReadOnly || setting.persisted != nil ? .harms : .advice, of: member.address,
                        "\(member.address) runs with \(line), which was set while it ran: after a restart \(after)",
                        measured: [Measurement(setting.variable, of: member.address, setting.runtime)],
                        remedies: (canPersist ? [.statement("SET PERSIST \(line)", on: member.address)] : [])
                            + [.optionFile(line, on: member.address)]))
            }
        }
    }
}

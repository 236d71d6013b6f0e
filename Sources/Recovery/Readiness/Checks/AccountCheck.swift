import Refactoring
import Topology

extension ReadinessCheck {
    static let account = ReadinessCheck("ready.account", "The replication account must work on every candidate") {
        view, findings in
        guard let best = view.ranking?.best else { return }
        switch best.account {
        case .proven: return
        case .unnamed(let replicas):
            for replica in replicas {
                findings.append(
                    ReadinessFinding(
                        "ready.account", .harms, of: replica, "no replication account is seen of \(replica)",
                        measured: [Measurement("Source_User", of: replica, "none")],
                        remedies: [.command("baton doctor \(replica)")]))
            }
        case .unproven(let users):
            guard !users.isEmpty else { return }
            let names = users.map { "'\($0)'" }.joined(separator: ", ")
            findings.append(
                ReadinessFinding(
                    "ready.account", .advice, of: best.instance,
                    "whether \(names) may replicate from \(best.instance) is not known: nobody does now",
                    measured: [Measurement("Source_User", of: best.instance, users.joined(separator: ", "))],
                    remedies: users.map {
                        .statement(
                            "SELECT User, Host FROM mysql.user WHERE User = '\($0)' AND Repl_slave_priv = 'Y'",
                            on: best.instance)
                    }))
        }
    }
}

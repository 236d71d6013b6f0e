import Refactoring
import Topology

extension ReadinessCheck {
    static let primary = ReadinessCheck("ready.primary", "It must be clear who the primary is") { view, findings in
        guard view.cluster.primary == nil else { return }
        let roots = view.cluster.roots.map(\.address)
        let writable = roots.filter { view.scene.fleet[$0]?.facts?.writability.isWritable == true }
        let names = roots.map(\.description).joined(separator: ", ")
        let isGroup = roots.contains { view.scene.fleet[$0]?.isGroupMember == true }
        findings.append(
            ReadinessFinding(
                "ready.primary", .blocks, of: nil,
                writable.count > 1
                    ? "several servers at the top are writable: \(names)"
                    : "no server at the top is known to be the primary: \(names)",
                measured: roots.map { root in
                    Measurement(
                        "read_only", of: root, view.scene.fleet[root]?.facts?.writability.rawValue ?? "unknown")
                },
                remedies: isGroup
                    ? [.advice("the group or Galera cluster decides itself who takes writes")]
                    : [.command("baton set-read-only SERVER"), .command("baton set-writable SERVER")]))
    }
}

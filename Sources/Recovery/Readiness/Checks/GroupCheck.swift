import Refactoring
import Topology

extension ReadinessCheck {
    static let group = ReadinessCheck("ready.group", "Where a group decides who writes, nobody else does") {
        view, findings in
        guard let primary = view.primary, primary.isGroupMember else { return }
        findings.append(
            ReadinessFinding(
                "ready.group", .advice, of: primary.address,
                "\(primary.address) is a member of a group, which elects who takes writes: baton promotes nobody there, and leads "
                    + "replicas outside of the group below another member",
                measured: [], remedies: [.command("baton topology \(primary.address)")]))
    }
}

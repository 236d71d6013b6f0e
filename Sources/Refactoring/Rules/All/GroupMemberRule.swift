import Topology

extension Rule {
    static let groupMember = Rule(
        "group.member", "Members of a replication group are moved by the group, and followed at its primary",
        why: """
            A group decides itself whom its members follow, and a member that is not ONLINE has not all transactions. A \
            replica may follow a secondary, but loses its source when that leaves the group; the primary is safer.
            """,
        remedy: "Move replicas, not members; put them below the group's primary.", gravity: .refuse
    ) { placement, objections in
        if let own = placement.replica.group?.own, own.state != "OFFLINE" {
            objections.refuse(
                "\(placement.replica.address) is a member of a replication group, state \(own.state)",
                measured: [Measurement("MEMBER_STATE", of: placement.replica.address, own.state)],
                remedies: [.statement("STOP GROUP_REPLICATION", on: placement.replica.address)])
        }
        guard let group = placement.target.group, let own = group.own, own.state != "OFFLINE" else { return }
        let isOnline = own.state == "ONLINE"
        guard !isOnline || (group.isSinglePrimary && !own.isPrimary) else { return }
        let target = placement.target.address
        let primary = group.members.first(where: \.isPrimary).map { placement.scene.fleet.canonical($0.address) }
        objections.add(
            isOnline ? .confirm : .refuse,
            isOnline ? "\(target) is a secondary of its group" : "\(target) is \(own.state) in its group",
            measured: [Measurement("MEMBER_STATE", of: target, own.state)],
            remedies: primary.map { [.target($0, "the primary of the group")] } ?? [.anotherTarget])
    }
}

import Topology

extension Detector {
    /// Members of a group that do not take part in it, by their own view.
    static let groupMember = Detector { examined, problems in
        guard let group = examined.facts?.groupReplication else { return }
        let state = group.own?.state ?? "not in its own view"
        guard state != "ONLINE" else { return }
        let online = group.members.filter { $0.state == "ONLINE" }.count
        problems.append(
            Problem(
                .groupMemberNotOnline, state == "RECOVERING" ? .warning : .broken, of: examined.address,
                word: group.own == nil ? "not in group" : state.lowercased(),
                summary: "\(examined.address) is \(state) in its group",
                evidence: ["group \(group.groupName)", "it sees \(online) of \(group.members.count) members ONLINE"],
                remedy: state == "RECOVERING" ? nil : "Look in the error log, then START GROUP_REPLICATION."))
    }
}

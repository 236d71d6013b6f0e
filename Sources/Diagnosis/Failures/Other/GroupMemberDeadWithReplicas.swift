extension FailureDetector {
    /// A member of a group is gone, and replicas outside the group followed it. About the group's own primary the group
    /// decides.
    static let groupMemberDeadWithReplicas = FailureDetector(
        .groupMemberDeadWithReplicas, of: [.groupMember],
        when: [.isLost, .hasReplicas, .allAsked, .nobodyHears, .lossIsWitnessed])
}

import Topology

extension MovePlanner {
    /// The method by which a replica would go below that server, without the plan for it and without asking the rules;
    /// `nil` where none can. For a look at many targets.
    public func method(for replica: ReplicaChannel, below target: InstanceAddress, in scene: RuleScene) -> String? {
        let draft = PlanDraft(scene)
        guard let found = try? draft.find(replica),
            let relocation = try? relocation(of: found, below: target, draft)
        else { return nil }
        if let choice = try? methods.choose(for: relocation) { return choice.method.name }
        // Several moves to neighbours, each by position.
        return Self.hasHops(relocation) ? "position" : nil
    }
}

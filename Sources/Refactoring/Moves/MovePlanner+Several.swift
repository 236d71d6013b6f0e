import Topology

extension MovePlanner {
    /// One plan for several moves, one after the other, each in the fleet that those before it leave.
    ///
    /// - Parameter intent: what they are for together, in one sentence.
    public func plan(_ moves: [Move], intent: String, in scene: RuleScene) -> PlanAnswer {
        do throws(PlanRefusal) {
            var draft = PlanDraft(scene)
            for move in moves { try add(move, to: &draft) }
            draft.intent = intent
            return try draft.answer(verb: "relocate")
        } catch {
            return .refused(Verdict(error.reasons).reasons)
        }
    }
}

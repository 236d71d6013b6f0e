import Engine
import Operations
import Recovery
import Refactoring
import Topology

/// A plan with all that a person wants to see before saying yes; made away from the drawing loop.
public struct PlanSheet: Sendable {
    /// The plan, or why there is none.
    public private(set) var answer: PlanAnswer
    /// The plan in the servers' own words; `nil` where there is none.
    public private(set) var document: PlanDocument?
    /// The part of the trees that changes, before and after; empty where that was not wanted.
    let before: [TreeExcerpt.Line]
    let after: [TreeExcerpt.Line]
    /// Which replicas stand still meanwhile.
    let standstills: [Standstill]
    /// Steps that are done already, where the rest of an operation is planned.
    let done: Set<Int>
    /// Who could take over, where somebody has to; the plan was made by it.
    var ranking: CandidateRanking?
    /// What runs around it.
    var hooks: [PlannedHooks] = []

    /// Writes a plan down for a page.
    ///
    /// - Parameter done: steps that are done already.
    public init(_ answer: PlanAnswer, in scene: RuleScene, depth: PlanRequest.Depth, done: Set<Int> = []) {
        self.done = done
        guard case .plan(let plan, _) = answer else {
            (self.answer, document, before, after, standstills) = (answer, nil, [], [], [])
            return
        }
        standstills = plan.standstills(in: scene.fleet)
        do throws(UnsayableStep) {
            document = try PlanDocument(plan, on: scene.fleet)
            self.answer = answer
        } catch {
            document = nil
            self.answer = .unsayable(error)
        }
        guard depth == .page else {
            (before, after) = ([], [])
            return
        }
        let later = plan.preview(on: scene.fleet)
        let excerpt = TreeExcerpt(of: plan, scene.fleet, scene.forest, later, later.forest())
        (before, after) = (excerpt.before, excerpt.after)
    }

    /// There is no plan, for that reason.
    public init(refused sentence: String, help: String) {
        answer = .impossible(sentence, help: help)
        (document, before, after, standstills, done) = (nil, [], [], [], [])
    }

    var plan: Plan? { answer.plan }

    /// With the plan that took its place on the way: the same servers, and the trees afterwards are the same.
    func planned(anew plan: Plan, _ verdict: Verdict) -> PlanSheet {
        var sheet = self
        sheet.answer = .plan(plan, verdict)
        // It runs already, so that all of it can be said.
        sheet.document = try? PlanDocument(plan, on: Fleet())
        return sheet
    }

    /// Whether whoever has read that one has read this one: the same steps, and objections by the same rules. Time limits
    /// follow the lag, and sentences the figures in them; neither makes another plan.
    func saysTheSame(as other: PlanSheet) -> Bool {
        guard answer.reasons.map(\.rule) == other.answer.reasons.map(\.rule),
            answer.reasons.map(\.gravity) == other.answer.reasons.map(\.gravity)
        else { return false }
        return plan?.withoutLimits == other.plan?.withoutLimits
    }
}

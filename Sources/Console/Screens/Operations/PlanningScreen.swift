import Topology

/// A page on which plans are shown; they are made anew while it is seen, so that none is older than the fleet.
protocol PlanningScreen: Screen {
    /// For what plans are wanted.
    var subjects: [PlanSubject] { get }
    var depth: PlanRequest.Depth { get }

    /// Whether new ones are wanted now.
    func isDue(_ model: ConsoleModel) -> Bool

    /// Takes a sheet for each subject.
    ///
    /// - Returns: whether they say something else than those before.
    mutating func take(_ sheets: [PlanSheet], _ model: ConsoleModel) -> Bool
}

/// A page whose plan is carried out once it is confirmed.
protocol ConfirmingScreen: PlanningScreen {
    /// The plan that is shown; `nil` until it has come.
    var sheet: PlanSheet? { get }
    /// What is carried out on a yes; `nil` where there is no plan.
    var deed: Deed? { get }
    /// Why, for the journal.
    var reason: String { get set }
}

extension PlanningScreen {
    /// Whether what was planned at that moment is worth planning again.
    func isOld(_ madeAt: Timestamp?, _ model: ConsoleModel) -> Bool {
        guard let madeAt else { return true }
        return model.wallTime < madeAt || model.wallTime - madeAt >= .milliseconds(900)
    }
}

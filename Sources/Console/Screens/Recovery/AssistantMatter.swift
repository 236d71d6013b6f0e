import Diagnosis
import Engine
import Recovery
import Refactoring
import Topology

/// What the assistant leads through.
enum AssistantMatter: Hashable, Sendable {
    /// A source that is lost, or feared to be.
    case loss(of: InstanceAddress)
    /// A primary that lives hands its writes over.
    case switchover(of: InstanceAddress)
    /// A primary that was given up is back.
    case rejoin(of: InstanceAddress)

    /// The server that it is about.
    var server: InstanceAddress {
        switch self {
        case .loss(let server), .switchover(let server), .rejoin(let server): server
        }
    }

    /// For the path in the title line.
    var crumb: String {
        switch self {
        case .loss(let server): "recover \(server)"
        case .switchover(let server): "switchover \(server)"
        case .rejoin(let server): "rejoin \(server)"
        }
    }

    /// What its pages are called.
    func title(of page: AssistantScreen.Page) -> String {
        switch (page, self) {
        case (.failure, .loss): "what happened"
        case (.failure, .switchover): "checks"
        case (.failure, .rejoin): "what it has"
        case (.candidates, .rejoin): "whom it follows"
        case (.candidates, _): "who takes over"
        case (.plan, _): "the plan"
        case (.confirmation, _): "confirm"
        }
    }

    /// The name that is typed to confirm: the cluster's, where its writes move; the server's own, where nobody else changes.
    func nameToType(_ model: ConsoleModel) -> (kind: String, name: String) {
        switch self {
        case .loss(let server), .switchover(let server):
            ("cluster", model.known.cluster(of: server)?.name ?? "\(server)")
        case .rejoin(let server): ("server", "\(server)")
        }
    }

    /// What is planned for it by a choice.
    func subject(_ choice: AssistantScreen.Choice, _ model: ConsoleModel) -> PlanSubject {
        var choice = choice
        choice.candidate = choice.candidate ?? choice.settled
        let subject: PlanSubject =
            switch self {
            case .loss(let source): lossSubject(source, choice, model)
            case .switchover(let primary):
                .wish(
                    .switchover(
                        Switchover(
                            of: primary, to: choice.candidate.map(CandidateChoice.named) ?? choice.unnamed,
                            policy: choice.handover)))
            case .rejoin(let server):
                .wish(
                    .recovery(
                        .rejoin(
                            Rejoin(
                                server, below: choice.candidate ?? model.returned(server)?.primary, user: choice.user)))
                )
            }
        return subject.waiting(atMost: choice.limit)
    }

    private func lossSubject(
        _ source: InstanceAddress, _ choice: AssistantScreen.Choice, _ model: ConsoleModel
    ) -> PlanSubject {
        let fleet = model.known.fleet
        switch model.known.diagnosis.failures.failure(of: source)?.recovery.kind {
        case .nonWritablePrimary?: return .wish(.operation(.setWritable(source, semiSync: .leave)))
        case .groupMember?: return .wish(.recovery(.adopt(replicasOf: source, below: choice.candidate)))
        default:
            let semiSync = model.recoveryPolicy(around: source).candidates.semiSync
            let wish = RecoveryWish(
                about: source, to: choice.candidate, choice.policy, in: fleet, semiSync: semiSync)
            return .wish(.recovery(wish))
        }
    }

    /// What of a wish the assistant leads through, with what it chooses; `nil` where a plan's own page is enough.
    static func reading(
        _ subject: PlanSubject, in model: ConsoleModel
    ) -> (matter: AssistantMatter, choice: (inout AssistantScreen.Choice) -> Void)? {
        switch subject {
        case .waiting(let inner, let limit):
            return reading(inner, in: model).map { found in
                (
                    found.matter,
                    {
                        found.choice(&$0)
                        $0.limit = limit
                    }
                )
            }
        case .wish(.switchover(let wish)):
            let primary = model.known.cluster(of: wish.primary)?.primary ?? wish.primary
            return (
                .switchover(of: primary),
                { choice in
                    choice.handover = wish.policy
                    choice.unnamed = wish.candidate
                    choice.candidate = nil
                    if case .named(let address) = wish.candidate {
                        (choice.candidate, choice.unnamed) = (address, .best)
                    }
                }
            )
        case .wish(.recovery(.rejoin(let wish))):
            return (
                .rejoin(of: model.known.fleet.canonical(wish.server)),
                { choice in
                    choice.candidate = wish.primary
                    choice.user = wish.user
                }
            )
        default: return nil
        }
    }
}

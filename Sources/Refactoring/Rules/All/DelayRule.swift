import Topology

extension Rule {
    static let delay = Rule(
        "delay.t", "The target must not be delayed more than the replica",
        why: """
            A replica below a delayed server is as late as that one, whatever its own delay says (orchestrator's rule 9). \
            Delays within the limit for lag are let pass.
            """,
        remedy: "Choose the delayed server's source, or take its delay away.", gravity: .refuse,
        contexts: [.move, .recovery]
    ) { placement, objections in
        let target = placement.target
        guard target.longestDelay > placement.scene.limits.lag else { return }
        guard let slowest = target.channels.max(by: { $0.delay < $1.delay }), slowest.delay > placement.scene.limits.lag
        else { return }
        let own = placement.channel?.delay ?? .zero
        guard own < slowest.delay else { return }
        objections.refuse(
            "\(target.address) is delayed by \(slowest.delay.inWords), and \(placement.replica.address) by \(own.inWords)",
            measured: [
                Measurement("SQL_Delay", of: placement.replica.address, own.inWords),
                Measurement("SQL_Delay", of: target.address, slowest.delay.inWords),
            ],
            remedies: (placement.targetsSource.map { [$0] } ?? [])
                + target.statements(for: .changeSource(channel: slowest.name, SourceChange(delay: .zero)))
                + [.anotherTarget])
    }
}

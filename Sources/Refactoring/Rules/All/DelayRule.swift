import Topology

extension Rule {
    static let delay = Rule(
        "delay.t", "The target must not be delayed more than the replica",
        why: """
            A replica below a delayed server is as late as that one, whatever its own delay says (orchestrator's rule 9, \
            which looked at the target alone); so it is with a delayed server further up, unless the replica stands below \
            that one already. Delays within the limit for lag are let pass.
            """,
        remedy: "Choose the delayed server's source, or take its delay away.", gravity: .refuse,
        contexts: [.move, .takeover, .recovery]
    ) { placement, objections in
        let (drag, target) = (placement.drag, placement.target)
        guard placement.scene.board.hasDelays else { return }
        judge(target, placement, &objections)
        for address in placement.scene.forest.sourceChain(of: target.address) where !drag.sourceChain.contains(address)
        {
            judge(placement.scene.side(of: address), placement, &objections)
        }
    }

    private static func judge(_ side: RuleSide, _ placement: Placement, _ objections: inout Objections) {
        let limit = placement.scene.limits.lag
        guard side.longestDelay > limit, let slowest = side.channels.max(by: { $0.delay < $1.delay }) else { return }
        let own = placement.channel?.delay ?? .zero
        guard own < slowest.delay else { return }
        let target = placement.target
        let place = side === target ? "" : ", above \(target.address),"
        objections.refuse(
            "\(side.address)\(place) is delayed by \(slowest.delay.inWords), and \(placement.replica.address) by "
                + own.inWords,
            measured: [
                Measurement("SQL_Delay", of: placement.replica.address, own.inWords),
                Measurement("SQL_Delay", of: side.address, slowest.delay.inWords),
            ],
            remedies: (side === target ? placement.targetsSource.map { [$0] } ?? [] : [])
                + side.statements(for: .changeSource(channel: slowest.name, SourceChange(delay: .zero)))
                + [.anotherTarget])
    }
}

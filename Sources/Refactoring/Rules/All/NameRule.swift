import Topology

extension Rule {
    static let name = Rule(
        "id.name", "The target should be known by the name that it reports",
        why: """
            The replica is told the address by which baton knows the target. A server that reports another name \
            (`report_host`) may be meant to be reached by that, and `localhost` means another server on every host.
            """,
        remedy: "Let baton know the target by the name that replicas use.", gravity: .warn
    ) { placement, objections in
        let (replica, target) = (placement.replica, placement.target)
        guard target.facts != nil else { return }
        if target.isLoopback, !replica.isLoopback {
            objections.warn(
                "\(replica.address) would be told \(target.address), which means another server there",
                measured: [Measurement("address", of: target.address, target.address.description)],
                remedies: [.advice("let baton know the server by its name: baton discover")])
        }
        guard let reported = target.reportedAddress,
            placement.scene.fleet.canonical(reported) != target.address
        else { return }
        objections.warn(
            "\(target.address) reports itself as \(reported)",
            measured: [Measurement("report_host", of: target.address, reported.host)],
            remedies: [
                .command("baton discover \(reported)"),
                .optionFile("report_host = \(target.address.host)", on: target.address),
            ])
    }
}

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
        guard let identity = target.facts?.identity else { return }
        if target.address.isLoopback, !replica.address.isLoopback {
            objections.warn(
                "\(replica.address) would be told \(target.address), which means another server there",
                measured: [Measurement("address", of: target.address, target.address.description)],
                remedies: [.advice("Let baton know the server by its name: baton discover.")])
        }
        guard let host = identity.reportHost else { return }
        let port = identity.reportPort ?? target.address.port
        guard host != target.address.host || port != target.address.port else { return }
        let reported = InstanceAddress(host: host, port: port)
        guard placement.scene.fleet.canonical(reported) != target.address else { return }
        objections.warn(
            "\(target.address) reports itself as \(reported)",
            measured: [Measurement("report_host", of: target.address, host)],
            remedies: [
                .command("baton discover \(reported)"),
                .optionFile("report_host = \(target.address.host)", on: target.address),
            ])
    }
}

extension InstanceAddress {
    fileprivate var isLoopback: Bool { host == "localhost" || host == "::1" || host.hasPrefix("127.") }
}

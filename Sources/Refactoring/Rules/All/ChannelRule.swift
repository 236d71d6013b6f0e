import Topology

extension Rule {
    static let channel = Rule(
        "chan.multi", "It must be clear which channel is moved",
        why: """
            A replica with several channels follows several sources at once; only one of them is to change, and which \
            one cannot be guessed.
            """,
        remedy: "Name the channel: `--channel NAME`, or choose it in the console.", gravity: .refuse, subject: .replica
    ) { placement, objections in
        let (drag, replica) = (placement.drag, placement.replica)
        lazy var names = replica.channels.map { "`\($0.name)`" }.joined(separator: ", ")
        if let unknown = drag.unknownChannel {
            objections.refuse(
                replica.channels.isEmpty
                    ? "\(replica.address) has no channel `\(unknown)`, nor any other"
                    : "\(replica.address) has no channel `\(unknown)`; it has \(names)",
                measured: [Measurement("channels", of: replica.address, names)],
                remedies: [.advice("name one of its channels")])
        } else if drag.channel == nil, replica.channels.count > 1 {
            objections.refuse(
                "\(replica.address) has \(replica.channels.count) channels, and it was not said which one is to move",
                measured: [Measurement("channels", of: replica.address, names)],
                remedies: replica.channels.map {
                    .command("baton why \(replica.address) \(placement.target.address) --channel '\($0.name)'")
                })
        }
    }
}

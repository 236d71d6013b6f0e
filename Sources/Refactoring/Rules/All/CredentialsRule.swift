import Topology

extension Rule {
    static let credentials = Rule(
        "cred.repl", "The replica must have an account to replicate by",
        why: """
            A move keeps the account of the channel. Where the replica names none, or baton may not see it, the receiver \
            would not get in. Whether the account exists on the target is tried by the plan before anything is changed.
            """,
        remedy: "Give the channel a user, and the same account to the target.", gravity: .confirm
    ) { placement, objections in
        guard let channel = placement.channel, channel.user == nil else { return }
        objections.confirm(
            "\(placement.replica.address) names no replication account\(placement.channelPhrase)",
            measured: [Measurement("Source_User", of: placement.replica.address, "none")],
            remedies: [
                .command("baton doctor \(placement.replica.address)"),
                .advice("set a user for the channel, with REPLICATION SLAVE on \(placement.target.address)"),
            ])
    }
}

import Topology

extension Rule {
    static let minorVersion = Rule(
        "ver.minor", "The replica should not be of an older release than the target",
        why: "Within a series a newer source is meant to work, and is tested less than the other way round.",
        remedy: "Upgrade the replica.", gravity: .warn
    ) { placement, objections in
        let (replica, target) = (placement.replica, placement.target)
        guard let own = replica.version, let theirs = target.version, replica.isMySQLFamily == target.isMySQLFamily,
            own.major == theirs.major, own.minor == theirs.minor, own.patch < theirs.patch
        else { return }
        objections.warn(
            "\(replica.address) is \(own) and older than \(target.address), \(theirs)",
            measured: placement.measured("version", own.text, theirs.text),
            remedies: [.advice("upgrade \(replica.address) to \(theirs)")])
    }
}

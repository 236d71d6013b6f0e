import Engine
import Recovery

extension RecoveryPolicy {
    /// For how long the preferred server may be waited for after a failover; zero where it is not.
    static let swapInLimits: ClosedRange<Duration> = .zero ... .seconds(86400)

    /// A key that `[recovery]` and `[[clusters]]` share, with its value.
    struct Entry: Hashable {
        let key: String
        let value: ConfigurationValue?
    }

    /// What clusters may have for themselves.
    var values: [Entry] {
        [
            Entry(key: "data-center", value: .text(candidates.dataCenter.rawValue)),
            Entry(key: "region", value: .text(candidates.region.rawValue)),
            Entry(key: "longest-lag", value: candidates.lagLimit.map { .duration($0) }),
            Entry(key: "wait-for-delayed", value: .flag(candidates.waitsForDelayed)),
            Entry(key: "unapplied", value: .text(failover.unapplied.rawValue)),
            Entry(key: "lost-replicas", value: .text(failover.lostReplicas.rawValue)),
            Entry(key: "swap-in-preferred", value: .duration(swapIn)),
        ]
    }
}

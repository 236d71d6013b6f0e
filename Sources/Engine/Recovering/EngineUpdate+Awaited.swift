import Diagnosis
import Topology

extension EngineUpdate {
    /// At most so many servers are looked for each second though they do not answer: half of the threads that can connect at
    /// a time would wait for them where packets are dropped.
    static let awaitedLimit = 16

    /// The servers that do not answer and about whose return somebody has to do something at once: those whose failure calls
    /// for a recovery, because they may make it needless, and primaries that recoveries gave up, because they take writes
    /// that the cluster never gets. Those that were lost last come first.
    var awaited: [InstanceAddress] {
        let failed = diagnosis.failures.failures.prefix { !$0.isSuppressed && $0.recovery.kind != nil }
            .filter { isSilent($0.subject) }
            .sorted { ($0.since ?? .distantPast, $1.subject) > ($1.since ?? .distantPast, $0.subject) }
            .map(\.subject)
        let now = diagnosis.inputs.now
        let replaced = marks.replaced.keys.filter { isSilent($0) && marks.replacement(of: $0, at: now) != nil }
            .sorted { (begin($0), $1) > (begin($1), $0) }
        var seen: Set<InstanceAddress> = []
        return Array((failed + replaced).filter { seen.insert($0).inserted }.prefix(Self.awaitedLimit))
    }

    private func isSilent(_ address: InstanceAddress) -> Bool {
        fleet[address].map { !$0.contact.isReachable } ?? false
    }

    private func begin(_ address: InstanceAddress) -> Timestamp { marks.downtimes[address]?.begins ?? .distantPast }
}

extension Timestamp {
    fileprivate static var distantPast: Timestamp { Timestamp(seconds: 0) }
}

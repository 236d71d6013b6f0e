import Diagnosis
import Topology

/// A primary that was given up, answers again, and is no read-only replica of the one that took its place.
///
/// What recoveries left behind is known by ``OperatorMarks/replaced``, and whether it is an alarm by the diagnosis
/// (`primary.returned`): every face says the same.
public struct ReturnedPrimary: Hashable, Sendable, Identifiable {
    /// The server that is back.
    public var server: InstanceAddress
    /// The primary of the cluster that goes on without it; `nil` where that is not clear.
    public var primary: InstanceAddress?
    /// The recovery that gave it up, by its number.
    public var recovery: Int64
    /// When that came to its end.
    public var givenUpAt: Timestamp
    /// What it means that it is back.
    public var danger: Danger

    public var id: InstanceAddress { server }

    /// What it means that a primary is back.
    public enum Danger: Int, Hashable, Sendable, Comparable {
        /// Clients can write on it and on the new primary: what they write there is nowhere else.
        case twoWritable
        /// Clients can write on it, and the alarm is silent, or nobody writes on a new primary.
        case writable
        /// Nobody writes on it.
        case readOnly

        public static func < (left: Danger, right: Danger) -> Bool { left.rawValue < right.rawValue }
    }

    /// All that are back, the most dangerous first.
    public static func all(in diagnosis: Diagnosis) -> [ReturnedPrimary] {
        let inputs = diagnosis.inputs
        guard !inputs.marks.replaced.isEmpty else { return [] }
        return inputs.marks.replaced.keys.compactMap { one($0, in: diagnosis, inputs) }
            .sorted { ($0.danger, $0.server) < ($1.danger, $1.server) }
    }

    private static func one(
        _ address: InstanceAddress, in diagnosis: Diagnosis, _ inputs: FailureInputs
    ) -> ReturnedPrimary? {
        let (fleet, forest) = (diagnosis.fleet, diagnosis.forest)
        guard let replaced = inputs.marks.replacement(of: address, at: inputs.now),
            let mark = inputs.marks.downtime(of: address, at: inputs.now),
            let server = fleet[address], server.contact.isReachable, let facts = server.facts,
            replaced.isSame(facts.identity)
        else { return nil }
        let failure = diagnosis.failures.failure(of: address)
        let isAlarm = failure.map { $0.code == .primaryReturned && !$0.isSuppressed } ?? false
        let heir = replaced.heir(of: address, in: forest)
        if !isAlarm {
            let follows = server.channels.contains { fleet.source(of: $0) != nil }
            // Without the cluster that goes on there is nobody whom it could follow.
            let isApart = heir == nil ? !follows : replaced.isApart(server, in: fleet, forest)
            guard forest.cluster(of: replaced.successor)?.primary != address, isApart,
                !follows || facts.writability.isWritable
            else { return nil }
        }
        let danger: Danger = isAlarm ? .twoWritable : facts.writability.isWritable ? .writable : .readOnly
        return ReturnedPrimary(
            server: address, primary: heir, recovery: replaced.recovery, givenUpAt: mark.begins, danger: danger)
    }
}

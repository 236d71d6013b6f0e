import Refactoring
import Topology

/// Something that would block or harm a recovery of a cluster today.
public struct ReadinessFinding: Hashable, Sendable {
    /// How much it would harm.
    public enum Weight: String, Hashable, Sendable, CaseIterable, Comparable {
        /// A failover would not be possible, or not without loss of a whole server.
        case blocks
        /// A failover would be slower, lose more, or leave somebody behind.
        case harms
        /// Good to know.
        case advice

        public static func < (left: Weight, right: Weight) -> Bool { left.rank < right.rank }

        private var rank: Int {
            switch self {
            case .blocks: 0
            case .harms: 1
            case .advice: 2
            }
        }
    }

    /// The check that found it: `ready.heartbeat`.
    public var check: RuleID
    /// How much it would harm.
    public var weight: Weight
    /// The server that it is about; `nil` where it is about the cluster.
    public var subject: InstanceAddress?
    /// One sentence, with the servers and the measured values in it.
    public var sentence: String
    /// What was measured.
    public var measured: [Measurement]
    /// What mends it, the easiest first; never empty.
    public var remedies: [Remedy]

    /// Makes a finding.
    init(
        _ check: RuleID, _ weight: Weight, of subject: InstanceAddress?, _ sentence: String,
        measured: [Measurement] = [], remedies: [Remedy]
    ) {
        self.check = check
        self.weight = weight
        self.subject = subject
        self.sentence = sentence
        self.measured = measured
        self.remedies = remedies
    }
}

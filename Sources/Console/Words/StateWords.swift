import Diagnosis
import Topology

/// The last column of the tree: how an instance is, in words, the worst first.
enum StateWords {
    static func state(of instance: Instance, _ model: ConsoleModel) -> Words {
        let words = undisturbed(instance, model)
        guard model.known.diagnosis.downtimed.contains(instance.address) else { return words }
        let mark = InstanceStatus.downtimed.word
        // What is so is still said, without alarm.
        return Words(words.text.isEmpty ? mark : "\(mark), \(words.text)", .downtimed)
    }

    private static func undisturbed(_ instance: Instance, _ model: ConsoleModel) -> Words {
        if let contact = InstanceWords.contact(instance.contact, now: model.now) { return contact }
        let own =
            ReplicationWords.state(of: instance, limits: model.known.diagnosis.limits)
            ?? InstanceWords.membership(instance)
        let problem = model.known.problems(of: instance.address).first { !isSaid($0.kind, by: own) }
        // Of notices only one is worth a place in a row that has something to say: it is about the row's own `rw`.
        let isNotable = problem.map { $0.severity > .notice || $0.kind == .writableCoPrimaries } ?? false
        guard let problem, isNotable || own == nil else { return own ?? Words("") }
        let tone: Tone = problem.severity == .notice ? .faint : Health(problem.severity).tone
        guard let own else { return Words(problem.word, tone) }
        return Words("\(own.text), \(problem.word)", tone.badness > own.tone.badness ? tone : own.tone)
    }

    /// Whether the words for replication or membership say already what the problem says.
    private static func isSaid(_ kind: ProblemKind, by words: Words?) -> Bool {
        guard words != nil else { return false }
        switch kind {
        case .receiverError, .applierError, .replicationStopped, .connecting, .lag, .lagUnknown, .groupMemberNotOnline,
            .galeraMemberNotSynced:
            return true
        default: return false
        }
    }
}

import Diagnosis
import Storage
import Topology

/// Reads events off the difference between two lists of problems.
public enum ProblemEvents {
    /// Kinds that have events of their own (``FleetEvents``), and would be told twice.
    private static let toldOtherwise: Set<ProblemKind> = [
        .unreachable, .noAccess, .receiverError, .applierError, .replicationStopped, .connecting,
    ]

    /// What was raised and what is over on the way from one diagnosis to the other.
    ///
    /// - Parameter now: the time at which the new fleet was seen.
    public static func between(_ old: Diagnosis, _ new: Diagnosis, at now: Timestamp) -> [Event] {
        guard old.problems != new.problems else { return [] }
        let before = told(old)
        let after = told(new)
        let raised = after.filter { before[$0.key] == nil }.values.map {
            event(.problemRaised, $0, text: $0.summaryBesideName, in: new, at: now)
        }
        let cleared = before.filter { after[$0.key] == nil }.values.map {
            event(.problemCleared, $0, text: "over: \($0.word)", in: new, at: now)
        }
        // What is over first: where one problem became another, the last word is what is the matter now.
        return sorted(cleared) + sorted(raised)
    }

    private static func sorted(_ events: [Event]) -> [Event] {
        events.sorted { left, right in
            guard let one = left.address, let other = right.address, one != other else { return left.text < right.text }
            return one < other
        }
    }

    private static func told(_ diagnosis: Diagnosis) -> [Problem.ID: Problem] {
        Dictionary(diagnosis.problems.filter { !toldOtherwise.contains($0.kind) }.map { ($0.id, $0) }) { first, _ in
            first
        }
    }

    private static func event(
        _ kind: Event.Kind, _ problem: Problem, text: String, in diagnosis: Diagnosis, at now: Timestamp
    ) -> Event {
        Event(
            at: now, kind: kind, address: problem.subject,
            cluster: diagnosis.forest.cluster(of: problem.subject)?.name, text: text)
    }
}

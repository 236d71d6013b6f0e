import Refactoring
import Topology

/// What is lost with a candidate, as three figures that are never mixed.
public struct Loss: Hashable, Sendable {
    /// What servers that answer have and the candidate will not have even after levelling: ``Shortfall/nothing`` mostly.
    public var againstReachable: Shortfall
    /// What the old source had when it was last read, and nobody who answers has.
    public var ofSource: SourceLoss
    /// What the old source did after that.
    public var afterwards: Afterwards
    /// What the candidate has received and gives up without applying it, where nobody is to wait.
    public var unapplied = Shortfall.nothing

    /// What the old source had at the last look.
    public struct SourceLoss: Hashable, Sendable {
        /// What nobody who answers has; ``Shortfall/unknown`` where the source was never read.
        public var missing: Shortfall
        /// When the source was last read in full; `nil` where that is not known.
        public var lookedAt: Timestamp?
        /// How long ago that was.
        public var age: Duration?

        /// Makes a figure with its age.
        public init(missing: Shortfall, lookedAt: Timestamp?, age: Duration?) {
            self.missing = missing
            self.lookedAt = lookedAt
            self.age = age
        }
    }

    /// What is known of the time after the last look.
    public enum Afterwards: Hashable, Sendable {
        /// The source lives: it is drained before the change.
        case nothing
        /// Whatever it committed since then is lost, and nobody knows how much. With why semi-synchronous replication gives
        /// no guarantee, each a sentence; empty where it is not switched on.
        case unknown([String])
        /// Semi-synchronous replication was in force: every commit that a client saw acknowledged is on one of these. Where the
        /// source lives on unseen that ends with its timeout, after which it acknowledges alone: in so long from the moment
        /// of the judgement; `nil` where the timeout is ``enduringTimeout`` or longer.
        case acknowledged(by: [InstanceAddress], aloneAfter: Duration?)

        /// A timeout that keeps a source which lives on unseen from acknowledging alone until somebody has dealt with it: our
        /// choice, a day. Servers' own default is 10 seconds.
        public static let enduringTimeout = Duration.seconds(86_400)
    }

    /// Makes the three figures.
    public init(againstReachable: Shortfall, ofSource: SourceLoss, afterwards: Afterwards) {
        self.againstReachable = againstReachable
        self.ofSource = ofSource
        self.afterwards = afterwards
    }
}

extension Loss {
    /// The three figures, a sentence each, for people.
    public var sentences: [String] {
        var lines: [String] = []
        switch againstReachable {
        case .nothing: lines.append("against the servers that answer: nothing is lost")
        case .unknown: lines.append("against the servers that answer: cannot be said")
        default: lines.append("against the servers that answer: \(againstReachable.words) lost")
        }
        if !unapplied.isNothing {
            lines.append("received, and given up without being applied: \(unapplied.words) lost")
        }
        if case .nothing = afterwards {
            lines.append("the source lives and is drained first: nothing is lost")
            return lines
        }
        let age = ofSource.age.map { "at the last look, \($0.inWords) ago" } ?? "at the last look, at an unknown time"
        switch ofSource.missing {
        case .nothing: lines.append("what the old source had \(age): all of it is on servers that answer")
        case .unknown: lines.append("what the old source had \(age): not known")
        default: lines.append("what the old source had \(age), and nobody who answers has: \(ofSource.missing.words)")
        }
        switch afterwards {
        case .nothing: break
        case .unknown(let reasons):
            lines.append(
                "what it committed after that look: unknown, and lost"
                    + (reasons.isEmpty ? "" : "; semi-sync does not help: " + reasons.joined(separator: ", ")))
        case .acknowledged(let replicas, let alone):
            let names = replicas.map(\.description).joined(separator: ", ")
            lines.append(
                "what it committed after that look: no acknowledged row is lost, by semi-sync on \(names)"
                    + (alone.map { "; if it lives on unseen, it acknowledges alone in \($0.inWords)" } ?? ""))
        }
        return lines
    }
}

extension Candidate {
    /// What is lost with it by a plan of which that was said: more where nobody waits for what was received.
    public func loss(by verdict: Verdict) -> Loss {
        let rules = Set(verdict.reasons.map(\.rule))
        var loss = loss
        var isIncomplete = false
        if rules.contains(FailoverCondition.unapplied.id) {
            loss.unapplied = backlog.amount
            isIncomplete = true
        }
        if rules.contains(FailoverCondition.behind.id), !levelling.donors.isEmpty {
            loss.againstReachable = missing
            isIncomplete = true
        }
        if isIncomplete, case .acknowledged = loss.afterwards {
            loss.afterwards = .unknown(["what its replicas have received is not waited for"])
        }
        return loss
    }
}

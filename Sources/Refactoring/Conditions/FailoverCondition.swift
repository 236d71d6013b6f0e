/// Whether one of a lost source's replicas can take its place, and at what price.
public enum FailoverCondition: String, PlanCondition {
    case sourceAnswers = "failover.source-answers"
    case noReplica = "failover.no-replica"
    case unreadSource = "failover.unread-source"
    case unknownCandidate = "failover.candidate"
    case groupDecides = "failover.group"
    case behind = "failover.behind"
    case unapplied = "failover.unapplied"
    case lostReplica = "failover.lost-replica"
    case silentReplica = "failover.silent-replica"
    case receivesStill = "failover.receives-still"
    case eventScheduler = "failover.event-scheduler"
    case replaced = "failover.replaced"
    case knownLoss = "failover.known-loss"
    case unconfirmed = "failover.unconfirmed"
    case preferred = "failover.preferred"
    case restart = "failover.restart"
    case brokenApplier = "failover.broken-applier"

    public var gravity: Gravity {
        switch self {
        case .sourceAnswers, .replaced, .noReplica, .unknownCandidate, .groupDecides: .refuse
        case .unreadSource, .behind, .unapplied, .lostReplica, .receivesStill, .unconfirmed, .knownLoss: .confirm
        case .silentReplica, .eventScheduler, .preferred, .restart, .brokenApplier: .warn
        }
    }

    public var title: String {
        switch self {
        case .sourceAnswers: "The source that is given up must not answer"
        case .noReplica: "A replica that answers must be left"
        case .unreadSource: "The replicas of the source that is given up should be known"
        case .unknownCandidate: "The new primary must be a direct replica of the lost one, and able to be a source"
        case .groupDecides: "A server must not be promoted where a group decides who writes"
        case .behind: "The new primary should have all that any replica has received"
        case .unapplied: "What the new primary has received should be applied before it takes writes"
        case .lostReplica: "Every replica should be able to follow the new primary"
        case .silentReplica: "Every replica should answer"
        case .eventScheduler: "Events should go on where they ran"
        case .receivesStill: "No replica should hear from the source that is given up"
        case .replaced: "Nobody takes the place of a primary that was given up before"
        case .knownLoss: "Servers that answer should have all that the lost source had at the last look"
        case .unconfirmed: "A replica should say that it has lost the source"
        case .preferred: "The server that operators prefer should be the primary in the end"
        case .restart: "What is set on the new primary should outlast its restart"
        case .brokenApplier: "Who follows the new primary should apply what it receives"
        }
    }

    public var why: String {
        switch self {
        case .sourceAnswers:
            "A source that answers and can be written to would go on taking writes beside the new primary, and what it takes then "
                + "is lost. Where it is alive, a switchover loses nothing."
        case .noReplica:
            "Nobody that baton can reach has the data. Which replicas there are is known from the store and from servers that answer; "
                + "a source that is down names none."
        case .unreadSource:
            "baton has never read the lost source, and its replicas don't know of each other: one of which nobody has told baton would "
                + "not be stopped, might have received more, and would be left behind."
        case .unknownCandidate:
            "The new primary has to have what came from the lost one, has to log it, and has to have a log that the others can "
                + "follow. `baton candidates` shows each server with what speaks for and against it."
        case .groupDecides:
            "In group replication and in Galera the members agree among themselves who is in and who writes. A promotion from "
                + "outside would break that agreement."
        case .behind:
            "Another replica has received transactions that the new primary would lack. By GTID it fetches them from there "
                + "before it is promoted. By position nobody can say where it would have to go on, so that they are lost."
        case .unapplied:
            "Transactions in the relay log that are not applied when the server forgets its source are gone. That is chosen "
                + "where being back soon matters more."
        case .lostReplica:
            "A replica that a rule keeps from following the new primary is detached, so that it does not follow the old one when "
                + "that comes back, and has to be made anew or mended."
        case .silentReplica:
            "A replica that does not answer cannot be stopped, may have received more than all others, and is left as it is. When it "
                + "comes back it still follows the lost source."
        case .eventScheduler:
            "Events that ran on the lost primary stand still until the scheduler of the new one runs. MariaDB lets nobody but SUPER "
                + "switch it, which baton's account has not."
        case .receivesStill:
            "A source that baton cannot reach and a replica hears from is unreachable, not dead: it takes writes beside the new "
                + "primary, and what it takes from then on is lost. Where it hangs, its replicas say so when heartbeats stay away."
        case .replaced:
            "Another server took its place in a recovery, and takes the cluster's writes. One more that is promoted, because a replica "
                + "was missed then and still follows the old one, would be a second primary."
        case .knownLoss:
            "Transactions that baton saw on the source are on no server that it reaches. They come back with the source, or with a "
                + "replica that does not answer now, and are lost with a promotion."
        case .unconfirmed:
            "Where the receivers of all replicas were stopped, nobody but baton has tried to reach the source. It may be baton's own "
                + "network that is broken, and the source takes writes beside the new primary."
        case .preferred:
            "A server with a better promotion rule, or in the old primary's data centre, could not be promoted now: it is delayed, "
                + "lags, or lacks what another has. When it has caught up, a switchover makes it the primary and loses nothing."
        case .restart:
            "The failover sets it on the running server. Where the option file says `read_only`, the new primary takes no writes "
                + "after its next restart."
        case .brokenApplier:
            "A replica whose applier an error has stopped is led below the new primary, so that it goes on receiving, and its applier "
                + "is left as it is. The server forgets the error with the change: only this plan and the journal still say it."
        }
    }

    public var remedy: String {
        switch self {
        case .sourceAnswers: "Make a switchover; or say explicitly that a living primary is to be given up."
        case .unreadSource: "Make its replicas known first: `baton discover` each of them."
        case .noReplica:
            "Bring a replica or the source back, or restore a backup. Make replicas known that baton does not know: `baton discover`."
        case .unknownCandidate: "Choose another one: `baton candidates`."
        case .groupDecides: "Let the group elect, and move replicas outside of it afterwards."
        case .behind: "Choose the most advanced replica, or bring the one back that has more."
        case .unapplied: "Wait for the applier, or choose a replica that has applied more."
        case .lostReplica: "Choose another candidate, or rebuild that replica afterwards."
        case .silentReplica: "Bring it back first, where there is time."
        case .eventScheduler: "Switch it on by hand, and in the option file."
        case .receivesStill:
            "Look at it from another place first; or confirm that a primary which may live is given up."
        case .replaced: "Lead what still follows it below the new primary: `baton relocate-replicas`."
        case .knownLoss: "Bring back the source, or a replica that may have them; or confirm the loss."
        case .unconfirmed:
            "Start the receiver of one replica, and see whether it connects; or confirm that nobody else has looked."
        case .preferred: "Make a switchover to it afterwards."
        case .restart: "Persist the setting, or write it into the option file."
        case .brokenApplier: "Mend what the error says, and start its applier: it meets the same transaction again."
        }
    }
}

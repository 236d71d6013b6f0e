import Diagnosis
import Engine
import Recovery
import TerminalKit
import Topology

/// What every screen draws from: what is known of the fleet, the moment, and the settings.
struct ConsoleModel: Sendable {
    var known = KnownFleet()
    /// The moment that ages are counted to: the present, or that of a snapshot or of a picture held still.
    var now = Timestamp(seconds: 0)
    /// The present.
    var wallTime = Timestamp(seconds: 0)
    var clock = ClockWords()
    var size: GridSize
    var keymap: Keymap
    /// Since when the picture is held still, `nil` while it moves.
    var pausedSince: Timestamp?
    /// What may be changed.
    var authority = ConsoleAuthority()
    /// What clusters' owners have chosen of how they are recovered.
    var recoveryPolicies = RecoveryPolicies(usual: RecoveryPolicy())
    /// Clusters that may only be looked at, by identity, and why.
    var readOnlyClusters: [InstanceAddress: String] = [:]
    /// What the rules said last of every place for what is carried.
    var judgement: Judgement?
    /// What was changed, and what is being changed.
    var operations = KnownOperations()
    /// Recoveries, failures that were seen, and why nothing was done.
    var recoveries = KnownRecoveries()
    /// What would block or harm a recovery of each cluster; `nil` before it was asked.
    var readiness: [Readiness]?
    /// Primaries that were given up and are back, the most dangerous first.
    private(set) var returned: [ReturnedPrimary] = []
    /// Whether presses of the mouse come here instead of selecting text.
    var isMouseOn = false
    /// What was told, the oldest first.
    private(set) var messages: [Message] = []

    /// A notice that was told, and when.
    struct Message: Hashable, Sendable {
        var at: Timestamp
        var notice: Notice
    }

    /// Enough to look back over a shift.
    static let messageLimit = 200

    /// Keeps a notice; one that says what the last one said takes its place.
    mutating func remember(_ notice: Notice) {
        if messages.last?.notice == notice { messages.removeLast() }
        messages.append(Message(at: wallTime, notice: notice))
        if messages.count > Self.messageLimit { messages.removeFirst() }
    }

    /// That a server was given up and is back; `nil` where it is not.
    func returned(_ server: InstanceAddress) -> ReturnedPrimary? { returned.first { $0.server == server } }

    /// How the cluster in which a server stands is recovered where nobody chooses otherwise.
    func recoveryPolicy(around server: InstanceAddress) -> RecoveryPolicy {
        recoveryPolicies.policy(around: known.fleet.canonical(server), in: known.diagnosis.forest)
    }

    /// Looks for primaries that are back, after the fleet or what is said of its servers has changed.
    mutating func findReturned() { returned = ReturnedPrimary.all(in: known.diagnosis) }

    /// A moment as it is written wherever there is room for it: by the operator's clock, with the date where it is not
    /// today, and how long ago it was.
    func when(_ moment: Timestamp) -> String {
        let text = clock.moment(moment, now: now)
        // A server's clock may be ahead of ours.
        return moment > now ? text : "\(text), \((now - moment).shortWords) ago"
    }

    /// A sentence that was written down for everybody, its moments by the operator's clock.
    func localized(_ sentence: String) -> String { clock.localized(sentence.sanitized, now: now) }

    /// A moment in a narrow column.
    func brief(_ moment: Timestamp) -> String { clock.brief(moment, now: now) }

    /// The rows between the title line above and the banner, the event line and the hints below.
    var body: GridRect {
        GridRect(x: 0, y: 1, width: size.width, height: max(0, size.height - 3 - Banner.lines(self).count))
    }
}

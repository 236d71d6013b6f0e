import Topology

/// Collects what rules say of one placement.
///
/// Verdicts of thousands of targets need only the gravity: then sentences, measurements and remedies are never made,
/// which would cost a hundred times more than the judgement.
struct Objections {
    /// Whether reasons are made, or only the gravity is noted.
    private let makesReasons: Bool
    /// The rule that speaks now.
    var speaker: RuleID = ""
    private(set) var reasons: [Reason] = []
    /// The gravest that was said, and who said it first.
    private(set) var gravest: (gravity: Gravity, rule: RuleID)?

    init(makesReasons: Bool) {
        self.makesReasons = makesReasons
    }

    /// Adds an objection of the rule that speaks.
    mutating func add(
        _ gravity: Gravity, _ sentence: @autoclosure () -> String,
        measured: @autoclosure () -> [Measurement] = [], remedies: @autoclosure () -> [Remedy]
    ) {
        if let gravest, gravest.gravity >= gravity {
        } else {
            gravest = (gravity, speaker)
        }
        guard makesReasons else { return }
        let remedies = remedies()
        reasons.append(
            Reason(
                speaker, gravity, sentence(), measured: measured(),
                remedies: remedies.isEmpty ? [.anotherTarget] : remedies))
    }

    mutating func refuse(
        _ sentence: @autoclosure () -> String, measured: @autoclosure () -> [Measurement] = [],
        remedies: @autoclosure () -> [Remedy]
    ) {
        add(.refuse, sentence(), measured: measured(), remedies: remedies())
    }

    mutating func confirm(
        _ sentence: @autoclosure () -> String, measured: @autoclosure () -> [Measurement] = [],
        remedies: @autoclosure () -> [Remedy]
    ) {
        add(.confirm, sentence(), measured: measured(), remedies: remedies())
    }

    mutating func warn(
        _ sentence: @autoclosure () -> String, measured: @autoclosure () -> [Measurement] = [],
        remedies: @autoclosure () -> [Remedy]
    ) {
        add(.warn, sentence(), measured: measured(), remedies: remedies())
    }
}

extension Remedy {
    /// Where nothing on the two servers helps.
    static let anotherTarget = Remedy.advice("Choose another target.")
}

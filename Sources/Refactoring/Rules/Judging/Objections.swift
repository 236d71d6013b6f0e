import Topology

/// Collects what rules say of one placement.
///
/// Verdicts of thousands of targets need only the gravity: then sentences, measurements and remedies are never made,
/// which would cost a hundred times more than the judgement.
struct Objections {
    /// Whether reasons are made, or only the gravity is noted.
    private let makesReasons: Bool
    /// The place of the rule that speaks now in ``rules``: a number, because names of rules are counted references.
    var speaker = 0
    private(set) var reasons: [Reason] = []
    /// The gravest that was said, and the place of the rule that said it first.
    private(set) var gravest: (gravity: Gravity, speaker: Int)?
    private let rules: [Rule]

    init(of rules: [Rule], makesReasons: Bool) {
        self.rules = rules
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
                rules[speaker].id, gravity, sentence(), measured: measured(),
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
    static let anotherTarget = Remedy.advice("choose another target")
}

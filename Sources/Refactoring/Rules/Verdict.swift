/// What the rules say of one placement. Never a bare yes or no: whoever is told no is told why, and what would help.
public enum Verdict: Hashable, Sendable {
    /// No rule objects.
    case allowed
    /// It may be done; these are good to know.
    case warns([Reason])
    /// It may be done by someone who has read this and says so.
    case needsConfirmation([Reason])
    /// It must not be done, because of these; the reasons to warn or confirm come after those that refuse.
    case refused([Reason])

    /// Makes the verdict of all that the rules said, the gravest reason first; of one gravity in the order given.
    public init(_ reasons: [Reason]) {
        let sorted = reasons.enumerated().sorted { left, right in
            left.element.gravity == right.element.gravity
                ? left.offset < right.offset : left.element.gravity > right.element.gravity
        }.map(\.element)
        switch sorted.first?.gravity {
        case nil: self = .allowed
        case .warn: self = .warns(sorted)
        case .confirm: self = .needsConfirmation(sorted)
        case .refuse: self = .refused(sorted)
        }
    }

    /// Everything that was said, gravest first.
    public var reasons: [Reason] {
        switch self {
        case .allowed: []
        case .warns(let reasons), .needsConfirmation(let reasons), .refused(let reasons): reasons
        }
    }

    /// Whether the placement may be carried out, if need be after a confirmation.
    public var isLegal: Bool {
        if case .refused = self { false } else { true }
    }
}

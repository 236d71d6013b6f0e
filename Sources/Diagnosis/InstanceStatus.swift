import Topology

/// How a server is to be shown: one shape, and the word that says why.
public struct InstanceStatus: Hashable, Sendable {
    /// The states that have a shape of their own on every screen.
    public enum Shape: String, Hashable, Sendable, CaseIterable {
        case ok
        case warning
        case broken
        /// Somebody wants its problems to be silent.
        case downtimed
        /// Nothing is known yet, or only what was remembered.
        case unknown
    }

    /// Which of the pictures stands for it, so that the state shows without colour too.
    public var shape: Shape
    /// `ok`, the worst problem's word, or why nothing is known.
    public var word: String

    /// Makes a status whose word a person reads beside its shape.
    public init(shape: Shape, word: String) {
        self.shape = shape
        self.word = word
    }

    /// That of a server whose problems are silent.
    public static let downtimed = InstanceStatus(shape: .downtimed, word: "dt")

    /// The status that follows from the worst problem, and from the contact where there is none.
    ///
    /// - Parameters:
    ///   - instance: `nil` for a server that the fleet does not hold.
    ///   - problems: those of the server, worst first.
    init(_ instance: Instance?, problems: [Problem]) {
        switch problems.first?.severity {
        case .broken: self.init(shape: .broken, word: problems[0].word)
        case .warning: self.init(shape: .warning, word: problems[0].word)
        case .notice, nil:
            switch instance?.contact {
            case nil: self.init(shape: .unknown, word: "never seen")
            case .neverTried: self.init(shape: .unknown, word: "not asked yet")
            case .remembered: self.init(shape: .unknown, word: "remembered")
            case .reachable, .noAccess, .unreachable: self.init(shape: .ok, word: "ok")
            }
        }
    }
}

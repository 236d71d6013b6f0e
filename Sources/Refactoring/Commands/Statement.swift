/// One statement for one server, word for word, in which secrets stand by name.
///
/// It is made for a session in which a backslash escapes (``CommandDialect/sessionPreamble``). In a session with
/// `NO_BACKSLASH_ESCAPES` no text can leave its quotes either, but one with a backslash would mean another one.
public struct Statement: Hashable, Sendable, Codable {
    /// A stretch of the statement.
    enum Piece: Hashable, Sendable, Codable {
        case text(String)
        case secret(SecretName)
        case awaited(Observation)
    }

    /// What the first cell of the answer means.
    public enum Answer: Hashable, Sendable, Codable {
        /// It has no meaning.
        case none
        /// 0 where the transactions are there, anything else where the time was up (`WAIT_FOR_EXECUTED_GTID_SET`,
        /// `MASTER_GTID_WAIT`).
        case zeroWhenReached
        /// Not negative where the position is reached, -1 where the time was up, NULL where the applier does not run
        /// (`SOURCE_POS_WAIT`).
        case eventsWaitedFor
        /// That text where it is reached; until then the statements before it in the command are said again, too.
        case reached(String)
        /// That text where the rest of the command is to be said, anything else where there is nothing to do.
        case condition(String)
        /// A list of connections that are to end (``CommandDialect/ending(_:_:)``), and what is done about one that may not be
        /// ended.
        case sessions(Refusal)
        /// A list of events that are to be enabled (``CommandDialect/enabling(_:)``).
        case events
        /// None; that there is no such connection any more (error 1094) is what was wanted.
        case mayBeGone
        /// The same, and one that baton's account may not end (error 1095) stays.
        case mayStay

        /// Which errors are no failure: `ER_NO_SUCH_THREAD`, `ER_KILL_DENIED_ERROR`.
        public var forgivenErrors: Set<Int> {
            switch self {
            case .mayBeGone: [1094]
            case .mayStay: [1094, 1095]
            case .none, .zeroWhenReached, .eventsWaitedFor, .reached, .condition, .sessions, .events: []
            }
        }
    }

    /// What is done about a session that baton's account may not end.
    public enum Refusal: Hashable, Sendable, Codable {
        /// The step fails: that session would write what is lost.
        case fails
        /// It stays: something else keeps it from writing, and is proved.
        case stays
    }

    /// In order, texts never next to each other.
    private var pieces: [Piece]
    /// How its answer is to be read.
    public var answer: Answer

    /// Makes a statement of plain text.
    public init(_ text: String, answer: Answer = .none) {
        pieces = [.text(text)]
        self.answer = answer
    }

    /// As it is printed and journaled: secrets as `<secret:NAME>`, what is not known yet in words.
    public var text: String {
        pieces.map { piece in
            switch piece {
            case .text(let text): text
            case .secret(let name): name.description
            case .awaited(let observation): observation.description
            }
        }.joined()
    }

    /// The secrets that have to be filled in, in order, each as often as it stands there.
    public var secrets: [SecretName] {
        pieces.compactMap { piece in if case .secret(let name) = piece { name } else { nil } }
    }

    /// What earlier steps still have to read before this statement can run.
    public var awaited: [Observation] {
        pieces.compactMap { piece in if case .awaited(let observation) = piece { observation } else { nil } }
    }

    /// The statement as the server gets it. The result must not be printed or kept.
    ///
    /// - Throws: ``CommandError`` where a secret is not to be had or a value is not known yet.
    public func filled(_ reveal: (SecretName) -> String?) throws(CommandError) -> String {
        var filled = ""
        for piece in pieces {
            switch piece {
            case .text(let text): filled += text
            case .secret(let name):
                guard let secret = reveal(name) else { throw .missingSecret(name) }
                filled += SQLLiteral.quoted(secret)
            case .awaited(let observation): throw .notObserved(observation)
            }
        }
        return filled
    }

    mutating func append(_ text: String) {
        if case .text(let last)? = pieces.last {
            pieces[pieces.count - 1] = .text(last + text)
        } else {
            pieces.append(.text(text))
        }
    }

    mutating func append(_ secret: SecretName) { pieces.append(.secret(secret)) }

    mutating func append(_ observation: Observation) { pieces.append(.awaited(observation)) }
}

extension Statement: CustomStringConvertible {
    public var description: String { text }
}

/// Texts as they stand in statements.
enum SQLLiteral {
    /// A string in single quotes. Quotes are doubled, which holds in every SQL mode; backslashes too, which is right
    /// where they escape, and elsewhere changes the text and never ends it.
    static func quoted(_ text: String) -> String {
        "'" + text.replacing("\\", with: "\\\\").replacing("'", with: "''") + "'"
    }
}

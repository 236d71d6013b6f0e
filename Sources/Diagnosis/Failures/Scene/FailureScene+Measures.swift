import Topology

extension FailureScene {
    /// Whether attempts to ask it fail now; one that is remembered or was never tried is not lost.
    var isLost: Bool {
        if case .unreachable = instance.contact { true } else { false }
    }

    /// Whether it answers, be it that it does not let baton in.
    var answers: Bool {
        switch instance.contact {
        case .reachable, .noAccess: true
        case .neverTried, .remembered, .unreachable: false
        }
    }

    /// What became of the test writes, where they do not succeed and the check is not at fault. That a server that is read-only
    /// takes no write is no news.
    var writeTrouble: (since: Timestamp, words: String)? {
        guard let check = instance.writeCheck, presentFacts?.writability.isWritable == true else { return nil }
        switch check {
        case .ok: return nil
        case .hangs(let since): return (since, "a test write does not come back")
        case .failed(let since, let failure):
            guard !failure.isOfSetup else { return nil }
            return (since, "a test write fails with error \(failure.code): \(failure.message)")
        }
    }

    /// How it stands with the server, in words.
    var contactWords: String {
        switch instance.contact {
        case .neverTried: "it has not been asked yet"
        case .remembered: "it is remembered, and has not been asked yet"
        case .reachable: "it answers"
        case .noAccess(_, _, let failure): "it answers, and does not let baton in: \(failure.line)"
        case .unreachable(_, _, let failure): "it does not answer: \(failure.line)"
        }
    }

    /// What replicas hear of it, in numbers.
    var hearingWords: String {
        let rest = counts.turnedAway == 0 ? "" : ", \(counts.turnedAway) turned away by it"
        return "\(counts.receiving) of the \(counts.answering) that answer receive" + rest
    }

    /// How many replicas say that they have lost it.
    var losingWords: String {
        "\(counts.failingToConnect) fail to connect, \(counts.silent) hear nothing though connected"
    }

    /// Whether one of its own sources cannot be reached either.
    var hasLostSource: Bool {
        channels.contains { channel in
            guard let source = context.fleet.source(of: channel), let contact = context.fleet[source]?.contact else {
                return false
            }
            if case .unreachable = contact { return true }
            return false
        }
    }
}

extension FailureRole {
    /// The article before its words.
    var article: String { self == .intermediateSource ? "an" : "a" }
}

extension ContactFailure {
    /// The kind in words, with the number and text of the error.
    var line: String {
        let number = code == 0 ? "" : "error \(code): "
        return message.isEmpty ? kind.words : "\(kind.words) (\(number)\(message))"
    }
}

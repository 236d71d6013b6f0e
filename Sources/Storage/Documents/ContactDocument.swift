import Topology

extension ContactFailure: DocumentObject {
    static var blank: ContactFailure { ContactFailure(kind: .other, message: "") }

    mutating func map(_ mapper: inout DocumentMapper) throws(DocumentIssue) {
        try mapper.required("kind", &kind)
        try mapper.field("code", &code, default: 0)
        try mapper.field("message", &message, default: "")
    }
}

/// The written form of ``Contact``: a state, and what that state knows.
struct ContactDocument: DocumentObject {
    /// The names of the cases.
    enum State: String, CaseIterable, DocumentWord {
        case neverTried = "never-tried"
        case remembered
        case reachable
        case noAccess = "no-access"
        case unreachable
    }

    var state: State
    /// `nil` where the file leaves it out; the snapshot's own time stands in for it.
    var since: Timestamp?
    var lastSeen: Timestamp?
    var failure: ContactFailure?

    static var blank: ContactDocument { ContactDocument(state: .reachable) }

    /// The state's name alone is enough where nothing else is known.
    static func read(_ json: JSON) throws(DocumentIssue) -> ContactDocument {
        if case .object = json.content { return try readObject(json) }
        return ContactDocument(state: try State.read(json))
    }

    mutating func map(_ mapper: inout DocumentMapper) throws(DocumentIssue) {
        try mapper.required("state", &state)
        try mapper.field("since", &since)
        try mapper.field("lastSeen", &lastSeen)
        try mapper.field("failure", &failure)
        guard mapper.isReading else { return }
        let hasSince = state != .neverTried && state != .remembered
        let hasFailure = state == .noAccess || state == .unreachable
        if since != nil && !hasSince { throw unfit("since", mapper) }
        if lastSeen != nil && (state == .neverTried || state == .reachable) { throw unfit("lastSeen", mapper) }
        if failure != nil && !hasFailure { throw unfit("failure", mapper) }
    }

    private func unfit(_ key: String, _ mapper: DocumentMapper) -> DocumentIssue {
        mapper.issue(.contradiction, "the contact state \"\(state.rawValue)\" has no such key", at: key)
    }

    private init(state: State) {
        self.state = state
    }

    init(_ contact: Contact) {
        switch contact {
        case .neverTried: state = .neverTried
        case .remembered: state = .remembered
        case .reachable(let since):
            state = .reachable
            self.since = since
        case .noAccess(let since, _, _):
            state = .noAccess
            self.since = since
        case .unreachable(let since, _, _):
            state = .unreachable
            self.since = since
        }
        lastSeen = contact.lastSeen
        failure = contact.failure
    }

    /// The contact itself.
    ///
    /// - Parameter taken: when the document was written, for what it leaves out.
    func contact(taken: Timestamp) -> Contact {
        switch state {
        case .neverTried: .neverTried
        case .remembered: .remembered(lastSeen: lastSeen)
        case .reachable: .reachable(since: since ?? taken)
        case .noAccess:
            .noAccess(
                since: since ?? taken, lastSeen: lastSeen,
                failure ?? ContactFailure(kind: .accessDenied, code: 1045, message: "access denied"))
        case .unreachable:
            .unreachable(
                since: since ?? taken, lastSeen: lastSeen,
                failure ?? ContactFailure(kind: .connectionRefused, code: 2003, message: "connection refused"))
        }
    }
}

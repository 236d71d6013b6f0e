import Topology

// What counts when a server takes another one's place, and what test writes found.

/// Settings that a restart loses: an empty list says that there are none, and an omitted one that nobody knows.
struct LostSettingsDocument: DocumentValue {
    var settings: [SettingLostAtRestart]

    static func read(_ json: JSON) throws(DocumentIssue) -> LostSettingsDocument {
        LostSettingsDocument(settings: try [SettingLostAtRestart].read(json))
    }

    func written() -> JSON { settings.written() }
}

extension SettingLostAtRestart: DocumentObject {
    static var blank: SettingLostAtRestart { SettingLostAtRestart(variable: "", runtime: "") }

    mutating func map(_ mapper: inout DocumentMapper) throws(DocumentIssue) {
        try mapper.required("variable", &variable)
        try mapper.required("runtime", &runtime)
        try mapper.field("persisted", &persisted)
    }
}

extension WriteFailure: DocumentObject {
    static var blank: WriteFailure { WriteFailure(code: 0, message: "") }

    mutating func map(_ mapper: inout DocumentMapper) throws(DocumentIssue) {
        try mapper.required("code", &code)
        try mapper.field("message", &message, default: "")
    }
}

extension WriteCheck: DocumentObject {
    static var blank: WriteCheck { .ok(since: Timestamp(microseconds: 0)) }

    /// The names of the cases.
    private enum State: String, CaseIterable, DocumentWord {
        case ok, failed, hangs
    }

    mutating func map(_ mapper: inout DocumentMapper) throws(DocumentIssue) {
        var state = State.ok
        var failure: WriteFailure?
        var since = since
        switch self {
        case .ok: break
        case .failed(_, let reason): (state, failure) = (.failed, reason)
        case .hangs: state = .hangs
        }
        try mapper.required("state", &state)
        try mapper.required("since", &since)
        try mapper.field("failure", &failure)
        switch (state, failure) {
        case (.ok, nil): self = .ok(since: since)
        case (.hangs, nil): self = .hangs(since: since)
        case (.failed, let failure?): self = .failed(since: since, failure)
        case (.failed, nil):
            guard mapper.isReading else { return }
            throw mapper.issue(.missingKey, "a test write that failed has a \"failure\"")
        case (.ok, _?), (.hangs, _?):
            throw mapper.issue(.contradiction, "only a test write that failed has a \"failure\"", at: "failure")
        }
    }
}

import Settings
import Topology

// How single values are written: text, numbers, and words from a fixed list.

extension JSON {
    func mustBe(_ what: String) -> DocumentIssue {
        let found =
            switch content {
            case .string(let text): "\"\(text.prefix(60))\""
            case .number(let text): text
            case .null, .bool, .array, .object: kindInWords
            }
        return DocumentIssue(.badValue, "\(what) is expected here, not \(found)", offset: offset)
    }

    func text(_ what: String) throws(DocumentIssue) -> String {
        guard case .string(let text) = content else { throw mustBe(what) }
        return text
    }
}

/// A file may come from anybody, and a store may be shared: its text is made as safe as text from servers.
extension String: DocumentValue {
    static func read(_ json: JSON) throws(DocumentIssue) -> String { try json.text("text").sanitized }
    func written() -> JSON { .string(self) }
}

extension Bool: DocumentValue {
    static func read(_ json: JSON) throws(DocumentIssue) -> Bool {
        guard case .bool(let value) = json.content else { throw json.mustBe("true or false") }
        return value
    }

    func written() -> JSON { .bool(self) }
}

/// Whole numbers: each type says its own limits in the refusal.
protocol DocumentNumber: DocumentValue, FixedWidthInteger {}

extension DocumentNumber {
    static func read(_ json: JSON) throws(DocumentIssue) -> Self {
        guard case .number(let text) = json.content, let value = Self(text) else {
            throw json.mustBe("a whole number from \(Self.min) to \(Self.max)")
        }
        return value
    }

    func written() -> JSON { .number(self) }
}

extension Int: DocumentNumber {}
extension UInt16: DocumentNumber {}
extension UInt32: DocumentNumber {}
extension UInt64: DocumentNumber {}

/// Words from a fixed list, with "did you mean" for a word that is not in it.
protocol DocumentWord: DocumentValue, RawRepresentable, CaseIterable where RawValue == String {}

extension DocumentWord {
    static func read(_ json: JSON) throws(DocumentIssue) -> Self {
        let words = allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
        let text = try json.text("one of \(words)")
        guard let value = Self(rawValue: text) else {
            let hint = Suggestion.hint(for: text, among: allCases.map(\.rawValue))
            var issue = json.mustBe("one of \(words)")
            issue.reason += hint
            throw issue
        }
        return value
    }

    func written() -> JSON { .string(rawValue) }
}

extension Writability: DocumentWord {}
extension ServerVersion.Flavor: DocumentWord {}
extension GTIDMode: DocumentWord {}
extension BinaryLog.Format: DocumentWord {}
extension ReceiverState: DocumentWord {}
extension ApplierState: DocumentWord {}
extension Positioning: DocumentWord {}
extension ContactFailure.Kind: DocumentWord {}
extension EventScheduler: DocumentWord {}
extension SemiSync.SourceSide.WaitPoint: DocumentWord {}

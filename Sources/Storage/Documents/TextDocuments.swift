import Topology

// Values of the vocabulary that are written in the notation of their own field.

extension JSON {
    /// Runs a parser of the vocabulary and puts its reason at this place.
    func parsed<Value, Failure: Error & CustomStringConvertible>(
        _ parse: () throws(Failure) -> Value
    ) throws(DocumentIssue) -> Value {
        do throws(Failure) {
            return try parse()
        } catch {
            throw DocumentIssue(.badValue, error.description, offset: offset)
        }
    }
}

extension InstanceAddress: DocumentValue {
    static func read(_ json: JSON) throws(DocumentIssue) -> InstanceAddress {
        let text = try json.text("an address such as \"db1:3306\"")
        return try json.parsed { () throws(ParsingError) in try InstanceAddress(parsing: text) }
    }

    func written() -> JSON { .string(description) }
}

extension ServerUUID: DocumentValue {
    static func read(_ json: JSON) throws(DocumentIssue) -> ServerUUID {
        guard case .string(let text) = json.content, let uuid = ServerUUID(text) else {
            throw json.mustBe("a server UUID such as \"3e11fa47-71ca-11e1-9e33-c80aa9429562\"")
        }
        return uuid
    }

    func written() -> JSON { .string(description) }
}

extension BinlogPosition: DocumentValue {
    static func read(_ json: JSON) throws(DocumentIssue) -> BinlogPosition {
        let text = try json.text("a binary log position such as \"binlog.000042:1234\"")
        return try json.parsed { () throws(Topology.ParsingError) in try BinlogPosition(parsing: text) }
    }

    func written() -> JSON { .string(description) }
}

extension GTIDSet: DocumentValue {
    static func read(_ json: JSON) throws(DocumentIssue) -> GTIDSet {
        let text = try json.text("a GTID set such as \"3e11fa47-71ca-11e1-9e33-c80aa9429562:1-100\"")
        return try json.parsed { () throws(Topology.ParsingError) in try GTIDSet(parsing: text) }
    }

    func written() -> JSON { .string(description) }
}

extension GTIDPosition: DocumentValue {
    static func read(_ json: JSON) throws(DocumentIssue) -> GTIDPosition {
        let text = try json.text("a MariaDB GTID position such as \"0-1-100\"")
        return try json.parsed { () throws(Topology.ParsingError) in try GTIDPosition(parsing: text) }
    }

    func written() -> JSON { .string(description) }
}

extension GTIDBinlogState: DocumentValue {
    static func read(_ json: JSON) throws(DocumentIssue) -> GTIDBinlogState {
        let text = try json.text("a MariaDB binary log state such as \"0-1-100,0-2-80\"")
        return try json.parsed { () throws(Topology.ParsingError) in try GTIDBinlogState(parsing: text) }
    }

    func written() -> JSON { .string(description) }
}

extension ServerVersion: DocumentValue {
    /// What an omitted version means: the first release of the long-term series that most run.
    static let usual = ServerVersion(parsing: "8.4.3")

    /// Text as servers give it; an object where the text alone does not tell the product, as with Percona Server.
    static func read(_ json: JSON) throws(DocumentIssue) -> ServerVersion {
        switch json.content {
        case .string(let text):
            let version = ServerVersion(parsing: text)
            guard version.major > 0 else { throw json.mustBe("a version such as \"8.4.3\" or \"10.11.6-MariaDB\"") }
            return version
        case .object: return try VersionParts.readObject(json).version
        case .null, .bool, .number, .array:
            throw json.mustBe("a version such as \"8.4.3\" or \"10.11.6-MariaDB\"")
        }
    }

    func written() -> JSON {
        let isPlain = major > 0 && ServerVersion(parsing: text) == self
        return isPlain ? .string(text) : VersionParts(version: self).written()
    }
}

/// The long form of a version.
private struct VersionParts: DocumentObject {
    var version: ServerVersion

    static var blank: VersionParts { VersionParts(version: .usual) }

    mutating func map(_ mapper: inout DocumentMapper) throws(DocumentIssue) {
        var text = version.text
        try mapper.required("text", &text)
        let parsed = ServerVersion(parsing: text)
        var flavor = version.flavor
        try mapper.field("flavor", &flavor, default: parsed.flavor)
        var (major, minor, patch) = (version.major, version.minor, version.patch)
        try mapper.field("major", &major, default: parsed.major)
        try mapper.field("minor", &minor, default: parsed.minor)
        try mapper.field("patch", &patch, default: parsed.patch)
        version = ServerVersion(flavor: flavor, major: major, minor: minor, patch: patch, text: text)
    }
}

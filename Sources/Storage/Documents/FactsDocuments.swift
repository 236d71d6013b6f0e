import Topology

// Parts of a server's facts that are objects of their own.

extension BinaryLog: DocumentObject {
    /// What an omitted binary log means: the defaults of MySQL 8 (manual, "Binary Logging Options and Variables").
    static var blank: BinaryLog { BinaryLog(format: .row, rowImage: "FULL", logsReplicaUpdates: true) }

    mutating func map(_ mapper: inout DocumentMapper) throws(DocumentIssue) {
        try mapper.field("format", &format, default: .row)
        try mapImage(&mapper)
        try mapper.field("logsReplicaUpdates", &logsReplicaUpdates, default: true)
        try mapper.field("position", &position)
    }

    /// Omitted is FULL; a server without such a variable is written as `"none"`.
    private mutating func mapImage(_ mapper: inout DocumentMapper) throws(DocumentIssue) {
        var text = rowImage ?? "none"
        try mapper.field("rowImage", &text, default: "FULL")
        rowImage = text == "none" ? nil : text
    }
}

/// A binary log that may be off.
struct BinaryLogDocument: DocumentValue {
    var log: BinaryLog?

    static func read(_ json: JSON) throws(DocumentIssue) -> BinaryLogDocument {
        if case .string("off") = json.content { return BinaryLogDocument(log: nil) }
        guard case .object = json.content else {
            throw json.mustBe("\"off\", or an object for a binary log that is on,")
        }
        return BinaryLogDocument(log: try BinaryLog.readObject(json))
    }

    func written() -> JSON { log.map { $0.written() } ?? "off" }
}

extension ParallelApplier: DocumentObject {
    static var blank: ParallelApplier { ParallelApplier() }

    mutating func map(_ mapper: inout DocumentMapper) throws(DocumentIssue) {
        try mapper.field("workers", &workers, default: 4)
        try mapper.field("preservesCommitOrder", &preservesCommitOrder, default: true)
        try mapper.field("mode", &mode)
    }
}

extension UnavailableFact: DocumentObject {
    static var blank: UnavailableFact { UnavailableFact(fact: "", code: 0, message: "") }

    mutating func map(_ mapper: inout DocumentMapper) throws(DocumentIssue) {
        try mapper.required("fact", &fact)
        try mapper.field("code", &code, default: 0)
        try mapper.field("message", &message, default: "")
        try mapper.field("remedy", &remedy)
    }
}

extension ReportedAttributes: DocumentObject {
    static var blank: ReportedAttributes { ReportedAttributes() }

    mutating func map(_ mapper: inout DocumentMapper) throws(DocumentIssue) {
        try mapper.field("dataCenter", &dataCenter)
        try mapper.field("region", &region)
        try mapper.field("environment", &environment)
        try mapper.field("alias", &alias)
        try mapper.field("clusterAlias", &clusterAlias)
        try mapper.field("promotionRule", &promotionRule)
        try mapper.field("semiSyncPriority", &semiSyncPriority)
    }
}

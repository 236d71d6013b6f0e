import Topology

extension MySQLGTIDState: DocumentObject {
    static var blank: MySQLGTIDState { MySQLGTIDState(mode: .on, executed: GTIDSet()) }

    /// The executed set alone is enough for a server with GTIDs switched on.
    static func read(_ json: JSON) throws(DocumentIssue) -> MySQLGTIDState {
        if case .object = json.content { return try readObject(json) }
        return MySQLGTIDState(mode: .on, executed: try GTIDSet.read(json))
    }

    mutating func map(_ mapper: inout DocumentMapper) throws(DocumentIssue) {
        try mapper.field("mode", &mode, default: .on)
        try mapper.field("enforcement", &enforcement, default: "ON")
        try mapper.field("executed", &executed, default: GTIDSet())
        try mapper.field("purged", &purged, default: GTIDSet())
    }
}

extension MariaDBGTIDState: DocumentObject {
    static var blank: MariaDBGTIDState { MariaDBGTIDState() }

    /// A position alone is enough: that of the binary log, and the current one.
    static func read(_ json: JSON) throws(DocumentIssue) -> MariaDBGTIDState {
        if case .object = json.content { return try readObject(json) }
        let position = try GTIDPosition.read(json)
        return MariaDBGTIDState(binlogPosition: position, currentPosition: position)
    }

    mutating func map(_ mapper: inout DocumentMapper) throws(DocumentIssue) {
        try mapper.field("domain", &domain, default: 0)
        try mapper.field("binlogPosition", &binlogPosition, default: GTIDPosition())
        try mapper.field("replicaPosition", &replicaPosition, default: GTIDPosition())
        try mapper.field("currentPosition", &currentPosition, default: GTIDPosition())
        try mapper.field("binlogState", &binlogState, default: GTIDBinlogState())
        try mapper.field("strict", &isStrict, default: false)
    }
}

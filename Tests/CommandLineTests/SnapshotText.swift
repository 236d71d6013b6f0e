/// Servers as they stand in a snapshot file, all with the same transactions.
enum SnapshotText {
    private static let executed = "00000000-0000-0000-0000-00000000000a:1-9"

    static func primary(_ name: String) -> String { #"{"address": "\#(name)", "gtid": "\#(executed)"}"# }

    /// A replica by GTID; `more` are further members, with a comma before each.
    static func replica(_ name: String, of source: String, _ more: String = "") -> String {
        """
        {"address": "\(name)", "gtid": "\(executed)"\(more), "channels": [
          {"source": "\(source)", "user": "repl", "positioning": "auto-position"}]}
        """
    }
}

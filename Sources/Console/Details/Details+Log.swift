import Topology

extension Details {
    /// The binary log and the GTIDs that the server has.
    static func log(_ instance: Instance, depth: DetailDepth) -> [Line] {
        guard let facts = instance.facts else { return [] }
        var lines: [Line] = []
        if let log = facts.binaryLog {
            var words = [Words(log.format.rawValue)]
            if let image = log.rowImage, log.format != .statement { words.append(Words(", image \(image)", .faint)) }
            lines.append(Line("format", words: words))
            if let position = log.position { lines.append(Line("position", Words(text(position)))) }
            let updates = log.logsReplicaUpdates
            lines.append(
                Line(
                    "updates",
                    updates ? Words("logs what it replicates") : Words("does not log what it replicates", .faint)))
        } else {
            lines.append(Line("binary log", Words("off", .faint)))
        }
        return lines + gtid(facts.gtid, depth: depth)
    }

    private static func gtid(_ state: GTIDState, depth: DetailDepth) -> [Line] {
        switch state {
        case .none: return []
        case .mysql(let state):
            var lines = [
                Line("gtid mode", Words(state.mode.rawValue), Words(", consistency \(state.enforcement)", .faint)),
                Line("gtid set", Words(gtidText("\(state.executed)", depth: depth))),
            ]
            let purged = "\(state.purged)"
            if depth == .full, !purged.isEmpty { lines.append(Line("purged", Words(purged))) }
            return lines
        case .mariadb(let state):
            var lines = [
                Line(
                    "gtid domain", Words("\(state.domain)"), Words(state.isStrict ? ", strict" : ", not strict", .faint)
                ),
                Line("gtid binlog", Words(gtidText("\(state.binlogPosition)", depth: depth))),
                Line("gtid slave", Words(gtidText("\(state.replicaPosition)", depth: depth))),
            ]
            if depth == .full {
                lines.append(Line("gtid current", Words(gtidText("\(state.currentPosition)", depth: depth))))
                lines.append(Line("binlog state", Words(gtidText("\(state.binlogState)", depth: depth))))
            }
            return lines
        }
    }

    /// A set of GTIDs as it fits beside the tree: each UUID down to its first eight characters, as the field's tools
    /// quote them; in full on a page of its own.
    static func gtidText(_ text: String, depth: DetailDepth) -> String {
        guard !text.isEmpty else { return "empty" }
        guard depth != .full else { return text.split(separator: ",").joined(separator: ", ") }
        return text.split(separator: ",").map { part in
            guard part.count > 36, let colon = part.firstIndex(of: ":") else { return String(part) }
            let uuid = part[..<colon]
            return uuid.count == 36 ? "\(uuid.prefix(8))…\(part[colon...])" : String(part)
        }.joined(separator: ", ")
    }
}

import Diagnosis
import Topology

/// The short facts of a tree row, one function per column; all of them empty for a server that nobody has read yet.
enum InstanceWords {
    /// The version as numbers: `8.4.3`.
    static func version(_ instance: Instance) -> String {
        guard let version = instance.facts?.version else { return "" }
        return "\(version.major).\(version.minor).\(version.patch)"
    }

    /// `rw` or `ro`; with a mark where it is not what the server's place asks for.
    static func writability(_ instance: Instance, problems: [Problem]) -> Words {
        guard let writability = instance.facts?.writability else { return Words("") }
        let text = writability.isWritable ? "rw" : "ro"
        let anomaly = problems.first {
            [.writableReplica, .readOnlyPrimary, .writableCoPrimaries].contains($0.kind)
        }
        guard let anomaly else { return Words(text) }
        return Words(text + "!", anomaly.severity == .notice ? .plain : Health(anomaly.severity).tone)
    }

    /// The same in full.
    static func words(_ writability: Writability) -> String {
        switch writability {
        case .writable: "writable"
        case .readOnly: "read-only"
        case .superReadOnly: "super-read-only"
        }
    }

    /// The format of the binary log, or that there is none.
    static func binaryLog(_ instance: Instance) -> Words {
        guard let facts = instance.facts else { return Words("") }
        switch facts.binaryLog?.format {
        case .row: return Words("ROW")
        case .mixed: return Words("MIXED")
        case .statement: return Words("STMT")
        case nil: return Words("nolog", .faint)
        }
    }

    /// `gtid` where the server follows its sources by GTID (for a source: where it hands out GTIDs), `pos` otherwise.
    static func positioning(_ instance: Instance) -> Words {
        guard let facts = instance.facts else { return Words("") }
        let channels = facts.channels.filter { $0.source != nil }
        if !channels.isEmpty {
            return channels.allSatisfy(\.positioning.isGTID) ? Words("gtid") : Words("pos", .faint)
        }
        switch facts.gtid {
        case .mysql(let state) where state.mode == .on: return Words("gtid")
        case .mariadb: return Words("gtid")
        case .mysql, .none: return Words("pos", .faint)
        }
    }

    /// What a server that does not answer, or has not been asked yet, is to be called; `nil` for one that answers.
    static func contact(_ contact: Contact, now: Timestamp) -> Words? {
        switch contact {
        case .reachable: return nil
        case .neverTried: return Words("never seen", .unknown)
        case .remembered(let lastSeen, _):
            return Words(lastSeen.map { "seen \((now - $0).shortWords) ago" } ?? "not asked", .faint)
        case .noAccess(_, _, let failure):
            return Words(failure.kind == .accessDenied ? "access denied" : "no access", .warning)
        case .unreachable(let since, let lastSeen, _):
            return Words("gone \((now - (lastSeen ?? since)).shortWords)", .bad)
        }
    }

    /// What a server does in its group or Galera cluster; `nil` outside of both.
    static func membership(_ instance: Instance) -> Words? {
        if let group = instance.facts?.groupReplication {
            guard let own = group.own else { return Words("outside group", .bad) }
            return Words(own.state.lowercased(), tone(groupState: own.state))
        }
        if let galera = instance.facts?.galera {
            guard galera.isInPrimaryComponent else { return Words("non-primary", .bad) }
            return Words(galera.state.lowercased(), galera.state == "Synced" ? .good : .warning)
        }
        return nil
    }

    /// Group replication member states by the manual, "Group Replication Server States".
    static func tone(groupState: String) -> Tone {
        switch groupState {
        case "ONLINE": .good
        case "RECOVERING": .warning
        default: .bad
        }
    }
}

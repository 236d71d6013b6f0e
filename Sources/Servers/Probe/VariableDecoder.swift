import Topology

/// The facts that stand in variables.
struct VariableFacts: Hashable {
    var serverID: UInt32 = 0
    var writability = Writability.writable
    var binlogFormat = BinaryLog.Format.row
    var binlogRowImage: String?
    var gtid = GTIDState.none
    var parallelApplier: ParallelApplier?
    var semiSync = SemiSync()
    /// Without what a restart loses, which is asked by itself.
    var provisions = Provisions()
    /// `group_replication_group_name`, `nil` where the plugin is not there or the name is not set.
    var groupName: String?
    var isSinglePrimary = true
    var isGaleraOn = false
    /// GTID texts that this program cannot read, by variable: their facts must not pass for empty.
    var unreadable: [DynamicVariable] = []

    /// What ``Dialect/valueOrigins`` depends on: while this stays the same, nothing it tells can have changed unless the
    /// same value was set again.
    struct RestartRelevant: Hashable {
        let writability: Writability
        let semiSync: SemiSync
        let provisions: Provisions
    }

    var restartRelevant: RestartRelevant {
        RestartRelevant(writability: writability, semiSync: semiSync, provisions: provisions)
    }
}

/// Reads the answer to ``Dialect/variables(_:)``: one row whose columns are named after variables.
struct VariableDecoder {
    private var lookup = ColumnLookup<[DynamicVariable: Int]>()
    private var executed = ParsedText<GTIDSet>()
    private var purged = ParsedText<GTIDSet>()
    private var binlogPosition = ParsedText<GTIDPosition>()
    private var replicaPosition = ParsedText<GTIDPosition>()
    private var currentPosition = ParsedText<GTIDPosition>()
    private var binlogState = ParsedText<GTIDBinlogState>()

    mutating func facts(in result: ResultSet) -> VariableFacts {
        let columns = lookup.layout(of: result) { finder in
            Dictionary(
                uniqueKeysWithValues: DynamicVariable.allCases.compactMap { variable in
                    finder(variable.rawValue).map { (variable, $0) }
                })
        }
        let reader = Reader(row: result.firstRow, columns: columns)
        var facts = VariableFacts()
        facts.serverID = reader.row.integer(columns[.serverID]) ?? 0
        facts.writability = reader.writability
        facts.binlogFormat = reader.text(.binlogFormat).flatMap { BinaryLog.Format(rawValue: $0.uppercased()) } ?? .row
        facts.binlogRowImage = reader.text(.binlogRowImage)
        facts.gtid = gtid(reader, &facts.unreadable)
        facts.parallelApplier = reader.parallelApplier
        facts.semiSync = SemiSync(source: reader.semiSyncSource, replica: reader.semiSyncReplica)
        facts.provisions = reader.provisions
        facts.groupName = reader.text(.groupName)
        facts.isSinglePrimary = reader.flag(.singlePrimary) ?? true
        facts.isGaleraOn = reader.flag(.wsrepOn) ?? false
        return facts
    }

    private mutating func gtid(_ reader: Reader, _ unreadable: inout [DynamicVariable]) -> GTIDState {
        func value<Value>(_ variable: DynamicVariable, _ cache: inout ParsedText<Value>, _ parse: (String) -> Value?)
            -> Value?
        {
            let value = cache.value(of: reader.raw(variable), parsing: parse)
            if value == nil { unreadable.append(variable) }
            return value
        }
        if let mode = reader.text(.gtidMode).flatMap({ GTIDMode(rawValue: $0.uppercased()) }) {
            let executed = value(.gtidExecuted, &executed) { try? GTIDSet(parsing: $0) }
            let purged = value(.gtidPurged, &purged) { try? GTIDSet(parsing: $0) }
            return .mysql(
                MySQLGTIDState(
                    mode: mode, enforcement: reader.text(.gtidEnforcement) ?? "OFF", executed: executed ?? GTIDSet(),
                    purged: purged ?? GTIDSet()))
        }
        guard let domain = reader.row.integer(reader.columns[.gtidDomain], as: UInt32.self) else { return .none }
        let logged = value(.gtidBinlogPosition, &binlogPosition) { try? GTIDPosition(parsing: $0) }
        let loggedText = binlogPosition
        // On most servers the three positions are the same text.
        let parse = { (text: String) in loggedText.known(text) ?? (try? GTIDPosition(parsing: text)) }
        return .mariadb(
            MariaDBGTIDState(
                domain: domain,
                binlogPosition: logged ?? GTIDPosition(),
                replicaPosition: value(.gtidReplicaPosition, &replicaPosition, parse) ?? GTIDPosition(),
                currentPosition: value(.gtidCurrentPosition, &currentPosition, parse) ?? GTIDPosition(),
                binlogState: value(.gtidBinlogState, &binlogState) { try? GTIDBinlogState(parsing: $0) }
                    ?? GTIDBinlogState(),
                isStrict: reader.flag(.gtidStrict) ?? false))
    }
}

extension VariableDecoder {
    /// The row, read by variable.
    private struct Reader {
        let row: ResultRow
        let columns: [DynamicVariable: Int]

        func raw(_ variable: DynamicVariable) -> String { row.raw(columns[variable]) ?? "" }
        func text(_ variable: DynamicVariable) -> String? { row.nonEmpty(columns[variable]) }
        func flag(_ variable: DynamicVariable) -> Bool? { row.flag(columns[variable]) }

        /// MariaDB 12 has words in `read_only` (release notes of 12.1): `NO_LOCK` keeps administrators writing,
        /// `NO_LOCK_NO_ADMIN` does not.
        var writability: Writability {
            if flag(.superReadOnly) == true { return .superReadOnly }
            switch raw(.readOnly).uppercased() {
            case "", "0", "OFF": return .writable
            case "3", "NO_LOCK_NO_ADMIN": return .superReadOnly
            default: return .readOnly
            }
        }

        /// MariaDB has both spellings of the number of threads; its workers commit in order within a domain whatever
        /// the mode (MariaDB manual, "Parallel Replication").
        var parallelApplier: ParallelApplier? {
            if let threads = row.integer(columns[.parallelThreads], as: Int.self) {
                return ParallelApplier(
                    workers: threads, preservesCommitOrder: true, mode: text(.parallelMode)?.lowercased())
            }
            let column = columns[.parallelWorkers] ?? columns[.oldParallelWorkers]
            guard let workers = row.integer(column, as: Int.self) else { return nil }
            return ParallelApplier(
                workers: workers, preservesCommitOrder: flag(.commitOrder) ?? flag(.oldCommitOrder) ?? false)
        }

        var semiSyncSource: SemiSync.SourceSide? {
            guard let isEnabled = flag(.semiSyncSource) ?? flag(.oldSemiSyncSource) else { return nil }
            let milliseconds =
                row.integer(columns[.semiSyncSourceTimeout] ?? columns[.oldSemiSyncSourceTimeout], as: UInt64.self)
            let count = row.integer(columns[.semiSyncSourceWait] ?? columns[.oldSemiSyncSourceWait], as: Int.self)
            return SemiSync.SourceSide(
                isEnabled: isEnabled, isActive: false,
                timeout: .milliseconds(Int64(clamping: min(milliseconds ?? 0, 1 << 52))), waitForReplicas: count ?? 1,
                clients: 0,
                waitPoint: (text(.semiSyncWaitPoint) ?? text(.oldSemiSyncWaitPoint)).flatMap {
                    SemiSync.SourceSide.WaitPoint(rawValue: $0.uppercased())
                },
                waitsWithoutReplicas: flag(.semiSyncWaitsAlone) ?? flag(.oldSemiSyncWaitsAlone) ?? true)
        }

        var provisions: Provisions {
            Provisions(
                eventScheduler: text(.eventScheduler).flatMap { EventScheduler(rawValue: $0.lowercased()) },
                replicaNetTimeout: row.duration(columns[.netTimeout] ?? columns[.oldNetTimeout]),
                maxConnections: row.integer(columns[.maxConnections]))
        }

        var semiSyncReplica: SemiSync.ReplicaSide? {
            (flag(.semiSyncReplica) ?? flag(.oldSemiSyncReplica)).map {
                SemiSync.ReplicaSide(isEnabled: $0, isActive: false)
            }
        }
    }
}

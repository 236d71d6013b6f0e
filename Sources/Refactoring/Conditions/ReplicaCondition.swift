/// A replica's threads, its delay, and the transaction on which it stopped.
public enum ReplicaCondition: String, PlanCondition {
    case running = "replica.running"
    case stopped = "replica.stopped"
    case applierStopped = "replica.applier-stopped"
    case delayed = "replica.delayed"
    case placeUnknown = "replica.place-unknown"
    case badDelay = "replica.bad-delay"
    case sameDelay = "replica.same-delay"
    case forgets = "replica.forgets"
    case noError = "replica.no-error"
    case unknownTransaction = "replica.unknown-transaction"
    case severalDomains = "replica.several-domains"
    case othersRun = "replica.others-run"
    case dataDiffer = "replica.data-differ"
    case needsSuper = "replica.needs-super"

    public var gravity: Gravity {
        switch self {
        case .forgets, .dataDiffer: .confirm
        case .needsSuper: .warn
        default: .refuse
        }
    }

    public var title: String {
        switch self {
        case .running: "A replica that is started must not run already"
        case .stopped: "A replica that is stopped must run"
        case .applierStopped: "A replica that finishes what it received must be applying"
        case .delayed: "A replica that finishes what it received must not be late on purpose"
        case .placeUnknown: "The replica's place in its source's log must be known"
        case .badDelay: "A delay must be whole seconds, none or more"
        case .sameDelay: "A new delay must differ from the present one"
        case .forgets: "A replica that is reset forgets how to reach its source"
        case .noError: "A transaction is skipped only where the applier stopped on an error"
        case .unknownTransaction: "The transaction that is skipped must be the one that failed"
        case .severalDomains: "With several domains the failing transaction must be named (MariaDB)"
        case .othersRun: "A MariaDB server's other connections must stand still while its position is set"
        case .dataDiffer: "A skipped transaction leaves the data different"
        case .needsSuper: "To skip an unnamed transaction baton's account needs SUPER (MariaDB)"
        }
    }

    public var why: String {
        switch self {
        case .running: "Both its threads run, as was asked for."
        case .stopped: "Both its threads are stopped, as was asked for."
        case .applierStopped:
            "To stop nicely the applier has to apply what was received. Somebody stopped it, for a reason that baton does not "
                + "know, or it stopped on an error."
        case .delayed: "Its applier would need as long as the delay, which is more than a plan waits for."
        case .placeUnknown:
            "A channel that has applied nothing yet, or was changed by GTID and has not connected since, shows no place. "
                + "Whatever depends on it would be a guess."
        case .badDelay: "`SOURCE_DELAY` (`MASTER_DELAY`) is a number of seconds."
        case .sameDelay: "The delay is as was asked for."
        case .forgets:
            "`RESET REPLICA ALL` drops the source's address, the account, TLS and all other options of the connection. Only "
                + "what baton could read is in the plan's way back; a password never is."
        case .noError:
            "Skipping leaves out the next transaction, whichever it is. Without an error there is none that should be left out."
        case .unknownTransaction:
            "The error names no transaction, and several wait to be applied. To skip the wrong one loses a good transaction "
                + "and stops on the bad one again."
        case .severalDomains:
            "The skip counter does not work with GTIDs of several domains (MariaDB error 1966), and the error does not say "
                + "which transaction has failed."
        case .othersRun:
            "`gtid_slave_pos` is one variable for all connections, and can be set only while none of them runs (MariaDB error "
                + "1198)."
        case .dataDiffer:
            "What the transaction changes on the source is missing on this replica. Later transactions may stop on it, or go "
                + "wrong without a word."
        case .needsSuper:
            "An error that names no GTID leaves the skip counter, `sql_slave_skip_counter`. On MariaDB only `SUPER` sets it: none "
                + "of the finer privileges that replaced `SUPER` elsewhere does (tried on 10.11). baton needs it for nothing "
                + "else, and a plan cannot see whether it is there: without it the server refuses the first statement, and "
                + "nothing is changed."
        }
    }

    public var remedy: String {
        switch self {
        case .running: "Nothing needs to be done; `baton restart-replica` stops and starts it."
        case .stopped: "Nothing needs to be done; `baton start-replica` starts it."
        case .applierStopped: "`baton stop-replica` stops the receiver too; `baton start-replica` starts both first."
        case .delayed: "`baton stop-replica`, which leaves in the relay log what was not applied."
        case .placeUnknown: "Start it and let it apply a transaction; `baton doctor` says why something cannot be read."
        case .badDelay: "Give whole seconds, such as `60s`; `0s` ends the delay."
        case .sameDelay: "Nothing needs to be done."
        case .forgets: "`baton detach-replica` stops it as surely, and can be taken back with everything."
        case .noError: "`baton start-replica` starts an applier that was stopped by hand."
        case .unknownTransaction:
            "Look the transaction up in `performance_schema.replication_applier_status_by_worker`, and inject an empty one "
                + "under its GTID."
        case .severalDomains:
            "Find the failing GTID in the error log or with mysqlbinlog, and set `gtid_slave_pos` by hand."
        case .othersRun: "Stop the other connections first: `baton stop-replica --channel`."
        case .dataDiffer: "Compare the tables concerned with those of the source, and mend them."
        case .needsSuper:
            "`baton doctor` says whether the account has it, and prints the `GRANT`; it can be revoked afterwards."
        }
    }
}

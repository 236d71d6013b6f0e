import Topology

/// A statement as a simulated server understood it.
enum SimulatedStatement: Hashable, Sendable {
    enum Threads: Hashable, Sendable {
        case both
        case receiver
        case applier

        var includesReceiver: Bool { self != .applier }
        var includesApplier: Bool { self != .receiver }
    }

    /// Which channel a statement is about.
    enum Target: Hashable, Sendable {
        /// None was named: every channel on MySQL, the default one on MariaDB.
        case unnamed
        case named(String)
        /// MariaDB's `ALL SLAVES`.
        case all
    }

    /// One `SET`.
    struct Assignment: Hashable, Sendable {
        let isGlobal: Bool
        /// In lower case.
        let name: String
        let value: String
    }

    case stop(Target, Threads)
    case start(Target, Threads, SimulatedUntil?)
    /// Options in the words of MySQL 8.4 less `SOURCE_`, their values without quotes.
    case change(Target, [String: String])
    case reset(Target, all: Bool)
    case set([Assignment])
    case begin
    case commit
    case rollback
    case flushLogs
    case purge(to: String)
    case resetLogs
    case killQuery(UInt64)
    case kill(UInt64)
    case select([SimulatedExpression])
    case selectTable(String)
    /// Who has a connection, by its number.
    case selectProcess(UInt64)
    case showSlaves
    case showLogPosition
    case showLogs
    case write([DataChange])
    /// `FLUSH TABLES WITH READ LOCK`
    case lockAll
    case unlock
    /// A list of what there is none of here, as sessions of others and events.
    case selectEmptyList
    /// Understood, and without effect here.
    case ignored
}

/// What can be selected.
indirect enum SimulatedExpression: Hashable, Sendable {
    case literal(String)
    /// A system variable in lower case, without `@@` and scope.
    case variable(String)
    /// A function in upper case with its literal arguments.
    case call(String, [String])
    case equal(SimulatedExpression, SimulatedExpression)
}

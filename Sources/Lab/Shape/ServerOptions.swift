/// What can be said about a server in the notation of shapes; `nil` where nothing is said.
public struct ServerOptions: Hashable, Sendable {
    /// How replicas find their place in their source's binary logs.
    public enum Positioning: String, Hashable, Sendable {
        case gtid
        case positions
    }

    /// Whether clients may write.
    public enum Access: String, Hashable, Sendable {
        case readOnly = "read-only"
        case writable
    }

    /// What a server writes to its binary log.
    public enum BinaryLog: String, Hashable, Sendable {
        /// Its own changes only: `log_replica_updates` is off.
        case withoutUpdates = "no-log-updates"
        /// Nothing: there is no binary log.
        case none = "no-binlog"
    }

    /// The format of events in the binary log.
    public enum BinlogFormat: String, Hashable, Sendable, CaseIterable {
        case row
        case statement
        case mixed
    }

    /// How a replica finds its place in its source's log; GTID unless told otherwise.
    public var positioning: Positioning?
    /// Semi-synchronous replication; the value is how many seconds a source waits for an acknowledgement.
    public var semiSyncTimeout: Int?
    /// How many seconds a replica stays behind on purpose.
    public var delay: Int?
    /// After how many seconds without an event its source sends a replica a heartbeat; the server's own half of the net
    /// timeout, 2 seconds in a lab, unless told otherwise.
    public var heartbeat: Int?
    /// Who may write; replicas are read-only and primaries writable unless told otherwise.
    public var access: Access?
    /// Set where there is none.
    public var binaryLog: BinaryLog?
    /// The server's own default unless told otherwise.
    public var binlogFormat: BinlogFormat?
    /// How many parallel appliers a replica has; servers have their family's default otherwise.
    public var workers: Int?
    /// Set where the appliers may commit in another order than the source did.
    public var commitOrder: CommitOrder?
    /// Set where performance_schema is on.
    public var instrumentation: Instrumentation?
    /// Further server options as given to the server program, without the leading dashes.
    public var raw: [String]

    /// Whether parallel appliers keep the source's order of commits.
    public enum CommitOrder: String, Hashable, Sendable {
        case free = "no-commit-order"
    }

    /// Whether performance_schema is on; it costs memory and start-up time, so a lab leaves it off.
    public enum Instrumentation: String, Hashable, Sendable {
        case on = "performance-schema"
    }

    /// What a source waits for a semi-synchronous acknowledgement when nothing is said, in seconds: the default of
    /// both families (`rpl_semi_sync_source_timeout` = 10000 ms).
    public static let defaultSemiSyncTimeout = 10

    /// Makes options that leave everything as it usually is in a lab.
    public init() {
        raw = []
    }

    /// These options, and those of `other` where these say nothing.
    public func over(_ other: ServerOptions) -> ServerOptions {
        var result = self
        result.positioning = positioning ?? other.positioning
        result.semiSyncTimeout = semiSyncTimeout ?? other.semiSyncTimeout
        result.delay = delay ?? other.delay
        result.heartbeat = heartbeat ?? other.heartbeat
        result.access = access ?? other.access
        result.binaryLog = binaryLog ?? other.binaryLog
        result.binlogFormat = binlogFormat ?? other.binlogFormat
        result.workers = workers ?? other.workers
        result.commitOrder = commitOrder ?? other.commitOrder
        result.instrumentation = instrumentation ?? other.instrumentation
        // A server takes the last of two settings of one variable, so the nearer ones come last.
        result.raw = other.raw + raw
        return result
    }
}

/// One word of the notation and what it sets: the one list that the parser, the printer and the documentation share.
struct OptionWord: Sendable {
    let name: String
    /// What comes after `=`; `nil` when the word stands alone.
    let value: Value?
    /// Sets the option; `false` when the value can't be understood, or is said already.
    let set: @Sendable (inout ServerOptions, String?) -> Outcome
    /// The word as written for these options, `nil` when they don't say it.
    let printed: @Sendable (ServerOptions) -> String?

    enum Value: Sendable {
        case optional(String)
        case required(String)
    }

    enum Outcome {
        case done
        case badValue
        case saidAlready
    }

    static let all: [OptionWord] = [
        word(ServerOptions.Positioning.gtid, \.positioning),
        word(ServerOptions.Positioning.positions, \.positioning),
        number("semi-sync", \.semiSyncTimeout, default: ServerOptions.defaultSemiSyncTimeout, in: 1...3600),
        number("delay", \.delay, default: nil, in: 0...86_400),
        number("heartbeat", \.heartbeat, default: 1, in: 0...3600),
        word(ServerOptions.Access.readOnly, \.access),
        word(ServerOptions.Access.writable, \.access),
        word(ServerOptions.BinaryLog.withoutUpdates, \.binaryLog),
        word(ServerOptions.BinaryLog.none, \.binaryLog),
        binlogFormat,
        number("workers", \.workers, default: nil, in: 0...64),
        word(ServerOptions.CommitOrder.free, \.commitOrder),
        word(ServerOptions.Instrumentation.on, \.instrumentation),
    ]

    private static func word<Choice: RawRepresentable<String> & Hashable & Sendable>(
        _ choice: Choice,
        _ path: any WritableKeyPath<ServerOptions, Choice?> & Sendable
    ) -> OptionWord {
        OptionWord(
            name: choice.rawValue,
            value: nil,
            set: { options, _ in
                guard options[keyPath: path] == nil else { return .saidAlready }
                options[keyPath: path] = choice
                return .done
            },
            printed: { $0[keyPath: path] == choice ? choice.rawValue : nil }
        )
    }

    private static func number(
        _ name: String,
        _ path: any WritableKeyPath<ServerOptions, Int?> & Sendable,
        default fallback: Int?,
        in range: ClosedRange<Int>
    ) -> OptionWord {
        let meaning = "a whole number from \(range.lowerBound) to \(range.upperBound)"
        return OptionWord(
            name: name,
            value: fallback == nil ? .required(meaning) : .optional(meaning),
            set: { options, text in
                guard options[keyPath: path] == nil else { return .saidAlready }
                guard let number = text.map({ Int($0) }) ?? fallback, range.contains(number) else { return .badValue }
                options[keyPath: path] = number
                return .done
            },
            printed: { options in
                guard let number = options[keyPath: path] else { return nil }
                return number == fallback ? name : "\(name)=\(number)"
            }
        )
    }

    private static let binlogFormat = OptionWord(
        name: "binlog-format",
        value: .required("row, statement or mixed"),
        set: { options, text in
            guard options.binlogFormat == nil else { return .saidAlready }
            guard let format = text.flatMap(ServerOptions.BinlogFormat.init(rawValue:)) else { return .badValue }
            options.binlogFormat = format
            return .done
        },
        printed: { $0.binlogFormat.map { "binlog-format=\($0.rawValue)" } }
    )
}

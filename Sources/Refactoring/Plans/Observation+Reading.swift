import Topology

extension Observation {
    /// Reads it from the facts of its server, in the value's own notation; `nil` where they don't tell.
    public func reading(_ facts: InstanceFacts) -> String? {
        let channel = facts.channels.first { $0.name == self.channel }
        switch quantity {
        case .binaryLogEnd: return facts.binaryLog?.position?.description
        case .executedPosition: return channel?.executed?.description
        case .receivedPosition: return channel?.received?.description
        case .executedGTIDs:
            guard case .mysql(let state) = facts.gtid else { return nil }
            return state.executed.description
        case .replicaPosition:
            guard case .mariadb(let state) = facts.gtid else { return nil }
            return state.replicaPosition.description
        // A look at the server does not tell it.
        case .connectionOptions, .connectingOptions, .binaryLogSeries, .eventScheduler: return nil
        case .currentGTIDPosition:
            guard case .mariadb(let state) = facts.gtid else { return nil }
            return state.currentPosition.description
        case .binaryLogGTIDPosition:
            guard case .mariadb(let state) = facts.gtid else { return nil }
            return state.binlogPosition.description
        }
    }
}

extension Late where Value == BinlogPosition {
    /// The position, `nil` where it was not read yet or is in no notation that is known.
    public func value(_ observed: Observed) -> BinlogPosition? { value(observed) { try? BinlogPosition(parsing: $0) } }
}

extension Late where Value == GTIDSet {
    /// The transactions, `nil` where they were not read yet or are in no notation that is known.
    public func value(_ observed: Observed) -> GTIDSet? { value(observed) { try? GTIDSet(parsing: $0) } }
}

extension Late where Value == GTIDPosition {
    /// The position, `nil` where it was not read yet or is in no notation that is known.
    public func value(_ observed: Observed) -> GTIDPosition? { value(observed) { try? GTIDPosition(parsing: $0) } }
}

extension Late {
    fileprivate func value(_ observed: Observed, parse: (String) -> Value?) -> Value? {
        switch self {
        case .known(let value): value
        case .observed(let observation): observed[observation].flatMap(parse)
        }
    }
}

extension Late: CustomStringConvertible {
    /// The value, or what will be read.
    public var description: String {
        switch self {
        case .known(let value): "\(value)"
        case .observed(let observation): "\(observation)"
        }
    }
}

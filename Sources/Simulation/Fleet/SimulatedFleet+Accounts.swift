import Topology

extension SimulatedFleet {
    /// How often each transaction took effect on a server; what it never had is not in it.
    public func effects(on address: InstanceAddress) -> [TransactionIdentity: Int] {
        servers[canonical(address)]?.effects ?? [:]
    }

    /// The transactions that took effect on `source` and not on `replica`.
    public func missing(on replica: InstanceAddress, of source: InstanceAddress) -> Set<TransactionIdentity> {
        let own = effects(on: replica)
        return Set(effects(on: source).keys.filter { own[$0] == nil })
    }

    /// The transactions that took effect more than once.
    public func doubled(on address: InstanceAddress) -> Set<TransactionIdentity> {
        Set(effects(on: address).filter { $0.value > 1 }.keys)
    }

    /// The rows of a table, by key; `nil` where there is no such table.
    public func rows(of table: String, on address: InstanceAddress) -> [Int64: String]? {
        servers[canonical(address)]?.data.tables[table]
    }

    /// Whether both hold the same schemas, tables and rows.
    public func hasSameData(_ one: InstanceAddress, _ other: InstanceAddress) -> Bool {
        servers[canonical(one)]?.data == servers[canonical(other)]?.data
    }

    /// Copies one server's data and GTIDs to another, as a restored backup does: the other's own are lost.
    public mutating func seed(_ address: InstanceAddress, from source: InstanceAddress) {
        guard let original = servers[canonical(source)] else { return }
        let address = canonical(address)
        servers[address]?.data = original.data
        servers[address]?.effects = original.effects
        servers[address]?.log.reset()
        if servers[address]?.isMariaDB == true {
            servers[address]?.binlogState = GTIDBinlogState()
            servers[address]?.slavePosition = original.currentPosition.merging(original.binlogState.position)
            servers[address]?.counters = original.counters
        } else {
            servers[address]?.executed = original.executed
            servers[address]?.purged = original.executed
        }
    }
}

extension GTIDPosition {
    /// The position of each domain from `other`, and from this one where `other` has none.
    fileprivate func merging(_ other: GTIDPosition) -> GTIDPosition {
        other.gtids.reduce(self) { $0.setting($1) }
    }
}

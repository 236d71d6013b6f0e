import GRDB
import Topology

/// The fleet as it was when it was last recorded.
public struct StoredFleet: Sendable {
    /// Every server that was known, with what was last read of it.
    public var fleet: Fleet
    /// When something was last recorded, of whichever server; `nil` for an empty store.
    public var recordedAt: Timestamp?
    /// When the servers that answered when they were last asked did so: to ``RecordingPolicy/sighting`` where baton was
    /// killed, else to the second.
    public var sightings: [InstanceAddress: Timestamp] = [:]

    /// The fleet as a new run may show it before it has asked anybody: every contact is a memory with its age.
    public var remembered: Fleet {
        var fleet = fleet
        for var instance in self.fleet.instances {
            instance.contact = instance.contact.remembered(sightings[instance.address] ?? recordedAt)
            fleet.update(instance)
        }
        return fleet
    }
}

extension Contact {
    /// - Parameter sighted: when the server last answered, where this contact is that it does.
    fileprivate func remembered(_ sighted: Timestamp?) -> Contact {
        switch self {
        case .neverTried: .neverTried
        case .reachable: .remembered(lastSeen: sighted)
        case .remembered: self
        case .noAccess(let since, let lastSeen, _):
            .remembered(lastSeen: lastSeen, trouble: .noAccess(since: since))
        case .unreachable(let since, let lastSeen, _):
            .remembered(lastSeen: lastSeen, trouble: .unreachable(since: since))
        }
    }
}

extension Store {
    /// The last known fleet, contacts as they were recorded.
    ///
    /// - Throws: ``StoreError``.
    public func loadFleet() async throws -> StoredFleet {
        try await read("loading the fleet") { [path] db in
            let recordedAt = try Int64.fetchOne(db, sql: "SELECT recorded_at FROM clock")
            var fleet = Fleet()
            var sightings: [InstanceAddress: Timestamp] = [:]
            // A store that may only be read keeps the layout that an older baton gave it.
            let sighted =
                try db.tableExists("sighting")
                ? "(SELECT at FROM sighting WHERE sighting.subject = instance.subject)" : "NULL"
            let rows = try Row.fetchCursor(db, sql: "SELECT document, \(sighted) AS at FROM instance")
            while let row = try rows.next() {
                let document: String = row["document"]
                let instance = try Self.instance(try JSON(parsing: Array(document.utf8)), path)
                fleet.update(instance)
                if let at = row["at"] as Int64? { sightings[instance.address] = Timestamp(microseconds: at) }
            }
            let labels = try Row.fetchCursor(db, sql: "SELECT kind, address, value FROM label")
            while let row = try labels.next() {
                try Self.apply(row["kind"], row["address"], row["value"], to: &fleet)
            }
            return StoredFleet(
                fleet: fleet, recordedAt: recordedAt.map(Timestamp.init(microseconds:)), sightings: sightings)
        }
    }

    static func apply(_ kind: String, _ address: String, _ value: String, to fleet: inout Fleet) throws {
        let address = try InstanceAddress(parsing: address)
        switch LabelKind(rawValue: kind) {
        case .name: fleet.addName(address, of: try InstanceAddress(parsing: value))
        case .clusterAlias: fleet.setClusterAlias(value, of: address)
        case nil: break
        }
    }

    /// A document that this baton can't read was written by a newer one, or is damaged: both are told, not skipped.
    static func instance(_ json: JSON, _ path: String) throws -> Instance {
        do throws(DocumentIssue) {
            return try InstanceDocument.read(json, context: InstanceDocument.Context()).instance
        } catch {
            throw StoreError(
                .newerSchema, path: path, activity: "reading the store",
                reason: "a stored server can't be read: \(error.path): \(error.reason)")
        }
    }

    /// Forgets a server now: it leaves the last known fleet with its other names, and an event says so.
    ///
    /// Needs no lease. The process that writes the history learns of it from the event
    /// (``EventFilter/after``) and takes the server out of its own fleet.
    ///
    /// - Returns: whether the store knew the server.
    /// - Throws: ``StoreError``.
    @discardableResult
    public func forget(_ address: InstanceAddress, at moment: Timestamp) async throws -> Bool {
        try await write("forgetting \(address)") { db in
            let at = try Self.advanceClock(to: moment, db)
            guard try Self.remove(address, at: at, db) > 0 else { return false }
            let names = try String.fetchAll(
                db, sql: "SELECT address FROM label WHERE kind = ? AND value = ?",
                arguments: [LabelKind.name.rawValue, address.description])
            for name in names {
                _ = try Self.setLabel(.name, of: try InstanceAddress(parsing: name), to: nil, at: at, db)
            }
            _ = try Self.setLabel(.clusterAlias, of: address, to: nil, at: at, db)
            let event = Event(at: at, kind: .forgotten, address: address, text: "was forgotten")
            try Self.append(event, db)
            return true
        }
    }

    /// Names the cluster of which `member` is a member, or takes its name away. Needs no lease.
    ///
    /// - Throws: ``StoreError``.
    public func setClusterAlias(_ alias: String?, of member: InstanceAddress, at moment: Timestamp) async throws {
        try await write("naming the cluster of \(member)") { db in
            let at = try Self.advanceClock(to: moment, db)
            guard try Self.setLabel(.clusterAlias, of: member, to: alias, at: at, db) > 0 else { return }
            let text =
                alias.map { "the cluster of \(member) is called \($0)" } ?? "the cluster of \(member) lost its name"
            try Self.append(Event(at: at, kind: .clusterNamed, address: member, cluster: alias, text: text), db)
        }
    }
}

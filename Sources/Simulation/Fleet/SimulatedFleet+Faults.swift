import Topology

/// What goes wrong at one statement.
public enum StatementFault: Hashable, Sendable {
    /// The connection is lost before the statement reached the server, or its session is ended there by `KILL` before the
    /// turn of a statement that came with others: neither that nor what follows is carried out.
    case connectionLostBefore
    /// The statement takes effect, and the connection is lost before its answer came. What came with it follows all the
    /// same: a server reads on in the packet that it has, whether or not its client is still there.
    case connectionLostAfter
    /// The server dies before the statement took effect.
    case deathBefore
    /// The server dies when the statement has taken effect.
    case deathAfter
    /// The server freezes, and does what the statement says when it goes on, and all that came with it, whether or not its
    /// client is still there.
    case freezeBefore
    /// The server freezes when the statement has taken effect, and nobody hears of it; what came with it follows when the
    /// server goes on.
    case freezeAfter
    /// The statement waits on the server for so long, as for a lock that another client holds, and then takes effect, and
    /// all that came with it after it, whether or not its client is still there; unless its session is ended by `KILL`
    /// before. What only reads waits for nobody.
    case stalled(Duration)

    var isStalled: Bool { if case .stalled = self { true } else { false } }
}

/// A statement that waits, and whose client has gone.
struct StalledStatement: Hashable, Sendable {
    /// It, and what came with it and follows it.
    let texts: [String]
    let session: SessionID
    let due: Timestamp
}

extension SimulatedFleet {
    /// Lets something go wrong at the statement of that number, counted from 0 over the fleet's whole life.
    public mutating func plan(_ fault: StatementFault, atStatement number: Int) {
        faults[number] = fault
    }

    /// Lets statements that waited long enough take effect; their sessions end with them.
    mutating func runStalled() {
        while let index = stalled.indices.first(where: { stalled[$0].due <= now }) {
            let statement = stalled.remove(at: index)
            carryOn(statement.texts, in: statement.session)
            close(statement.session)
        }
    }

    /// Carries out what one packet brought, up to the first error, for a client that may not be there any more. Nothing
    /// more is carried out in a session that has ended.
    mutating func carryOn(_ texts: [String], in session: SessionID) {
        for (index, text) in texts.enumerated() {
            do throws(SimulatedFailure) {
                try execute(text, in: session, before: Array(texts[(index + 1)...]))
            } catch {
                // Whatever keeps this one waiting keeps the rest waiting as well.
                return
            }
        }
    }

    /// Ends a session, and what it waits for.
    mutating func end(_ session: SessionID) {
        stalled.removeAll { $0.session == session }
        close(session)
    }

    /// Ends the server's process at once: committed transactions and relay logs stay, sessions and locks go.
    public mutating func kill(_ address: InstanceAddress) {
        let address = canonical(address)
        guard servers[address]?.condition != .down else { return }
        servers[address]?.condition = .down
        servers[address]?.locks = [:]
        servers[address]?.readLock = nil
        servers[address]?.unread = []
        for name in servers[address]?.channelNames ?? [] {
            servers[address]?.channels[name]?.isReceiverOn = false
            servers[address]?.channels[name]?.isApplierOn = false
            servers[address]?.channels[name]?.dump = nil
            servers[address]?.channels[name]?.until = nil
        }
        sessions = sessions.filter { $0.value.address != address }
        stalled.removeAll { sessions[$0.session.number] == nil }
    }

    /// Starts a dead server again; its channels start with it unless it was told not to (`skip_replica_start`).
    public mutating func restart(_ address: InstanceAddress) {
        let address = canonical(address)
        kill(address)
        guard let options = servers[address]?.options else { return }
        servers[address]?.condition = .up
        servers[address]?.process += 1
        servers[address]?.startedAt = now
        servers[address]?.writability = options.writability
        for name in servers[address]?.channelNames ?? [] {
            servers[address]?.channels[name]?.receiverError = nil
            servers[address]?.channels[name]?.applierError = nil
            guard options.startsReplication, servers[address]?.channels[name]?.isConfigured == true else { continue }
            servers[address]?.start(name, .both, nil, at: now)
        }
    }

    /// Stops the process without ending it: connections stay open, nothing answers.
    public mutating func freeze(_ address: InstanceAddress) {
        guard servers[canonical(address)]?.condition == .up else { return }
        servers[canonical(address)]?.condition = .frozen
    }

    /// Lets a frozen process go on: it reads what came meanwhile.
    public mutating func thaw(_ address: InstanceAddress) {
        let address = canonical(address)
        guard servers[address]?.condition == .frozen else { return }
        servers[address]?.condition = .up
        let unread = servers[address]?.unread ?? []
        servers[address]?.unread = []
        for message in unread {
            switch message {
            // Nobody hears the answers.
            case .statements(let texts, let session): carryOn(texts, in: SessionID(number: session))
            case .goodbye(let session): close(SessionID(number: session))
            }
        }
    }

    /// Lets nothing pass between two servers any more.
    public mutating func cut(_ one: InstanceAddress, from other: InstanceAddress) {
        cuts.insert(Cut(one: canonical(one), other: canonical(other)))
        cuts.insert(Cut(one: canonical(other), other: canonical(one)))
    }

    /// Mends what ``cut(_:from:)`` cut.
    public mutating func mend(_ one: InstanceAddress, with other: InstanceAddress) {
        cuts.remove(Cut(one: canonical(one), other: canonical(other)))
        cuts.remove(Cut(one: canonical(other), other: canonical(one)))
    }

    /// Sets how many transactions the appliers of a server commit in one step; none with 0.
    public mutating func setApplierSpeed(_ speed: Int, of address: InstanceAddress) {
        servers[canonical(address)]?.applierSpeed = speed
    }

    /// Sets how many transactions the receivers of a server take in one step; none with 0.
    public mutating func setReceiverSpeed(_ speed: Int, of address: InstanceAddress) {
        servers[canonical(address)]?.receiverSpeed = speed
    }

    /// Makes a channel leave out what the filters name.
    public mutating func setFilters(_ filters: [ReplicationFilter], of address: InstanceAddress, channel: String = "") {
        servers[canonical(address)]?.channels[channel]?.filters = filters
    }
}

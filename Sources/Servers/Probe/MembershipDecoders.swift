import Topology

extension SemiSync {
    /// Adds what only status variables tell (``Dialect/semiSyncStatus``) to what the switches told.
    mutating func read(status values: [String: String]) {
        func value(_ new: String, _ old: String) -> String? { values[new] ?? values[old] }
        if source != nil {
            source?.isActive =
                value("rpl_semi_sync_source_status", "rpl_semi_sync_master_status").flatMap(ResultRow.flag) ?? false
            let clients = value("rpl_semi_sync_source_clients", "rpl_semi_sync_master_clients")
            source?.clients = clients.flatMap { Int($0) } ?? 0
        }
        replica?.isActive =
            value("rpl_semi_sync_replica_status", "rpl_semi_sync_slave_status").flatMap(ResultRow.flag) ?? false
    }
}

extension GroupReplicationMembership {
    /// Reads the group's view, ``Dialect/groupMembers``. Rows without a member, as a server shows before it first
    /// starts group replication, are left out.
    init(_ result: ResultSet, groupName: String, isSinglePrimary: Bool, own: ServerUUID?) {
        let column = ColumnFinder(indices: result.columnIndices)
        let (id, host, port) = (column("member_id"), column("member_host"), column("member_port"))
        let (state, role, primary) = (column("member_state"), column("member_role"), column("primary_member"))
        let members = result.rows.compactMap { row -> Member? in
            guard let uuid = row.raw(id).flatMap({ ServerUUID($0) }),
                let address = ReportedHost.address(row.raw(host), port: row.integer(port) ?? 0)
            else { return nil }
            let isPrimary =
                role != nil
                ? row.raw(role)?.uppercased() == "PRIMARY"
                : !isSinglePrimary || row.raw(primary).flatMap { ServerUUID($0) } == uuid
            return Member(uuid: uuid, address: address, state: row.text(state).uppercased(), isPrimary: isPrimary)
        }
        self.init(
            groupName: groupName, isSinglePrimary: isSinglePrimary, members: members.sorted { $0.uuid < $1.uuid },
            own: members.first { $0.uuid == own })
    }
}

extension GaleraMembership {
    /// Reads ``Dialect/galeraStatus``.
    init(status values: [String: String], clusterName: String) {
        func text(_ name: String) -> String { (values[name] ?? "").sanitized }
        // Arbitrators and members that do not tell an address leave an empty place in the list.
        let members = text("wsrep_incoming_addresses").split(separator: ",").compactMap { entry in
            entry == "AUTO" ? nil : try? InstanceAddress(parsing: String(entry))
        }
        self.init(
            clusterID: text("wsrep_cluster_state_uuid"), clusterName: clusterName,
            state: text("wsrep_local_state_comment"),
            isInPrimaryComponent: text("wsrep_cluster_status").lowercased() == "primary",
            size: Int(text("wsrep_cluster_size")) ?? 0, members: members.sorted())
    }
}

/// What the performance schema tells of a channel's heartbeats.
struct ChannelHeartbeat: Hashable {
    var period: Duration?
    var received: UInt64?
    var last: Timestamp?

    /// Reads ``Dialect/heartbeats``, by channel.
    static func byChannel(_ result: ResultSet) -> [String: ChannelHeartbeat] {
        let column = ColumnFinder(indices: result.columnIndices)
        let (name, period) = (column("channel_name"), column("heartbeat_interval"))
        let (received, last) = (column("count_received_heartbeats"), column("last_heartbeat"))
        var heartbeats: [String: ChannelHeartbeat] = [:]
        for row in result.rows {
            heartbeats[row.text(name)] = ChannelHeartbeat(
                period: row.duration(period), received: row.integer(received), last: row.timestamp(last))
        }
        return heartbeats
    }
}

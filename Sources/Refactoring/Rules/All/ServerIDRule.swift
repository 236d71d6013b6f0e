import Topology

extension Rule {
    static let serverID = Rule(
        "id.server-id", "Both must have a server id, and not the same",
        why: """
            A replica skips events with its own `server_id`, because it takes them for its own that came round, and a \
            receiver refuses a source with the same one (error 1593); a server with id 0 takes part in no replication.
            """,
        remedy: "Give one of them another `server_id`, also in its option file.", gravity: .refuse
    ) { placement, objections in
        let (replica, target) = (placement.replica, placement.target)
        guard replica.facts != nil, target.facts != nil, replica.address != target.address else { return }
        guard replica.serverID == target.serverID || replica.serverID == 0 || target.serverID == 0 else { return }
        let isSame = replica.serverID == target.serverID
        let wrong = isSame || replica.serverID == 0 ? replica : target
        objections.refuse(
            isSame
                ? "\(replica.address) and \(target.address) both have the server_id \(replica.serverID)"
                : "\(wrong.address) has the server_id 0, with which no server replicates",
            measured: placement.measured("server_id", String(replica.serverID), String(target.serverID)),
            remedies: wrong.setVariable("server_id", placement.freeServerID()))
    }
}

extension Placement {
    /// An id that no server of the fleet has.
    fileprivate func freeServerID() -> String {
        let taken = Set(scene.board.sides.map(\.serverID))
        var id = max(replica.serverID, target.serverID)
        repeat { id = id == .max ? 1 : id + 1 } while taken.contains(id)
        return String(id)
    }
}

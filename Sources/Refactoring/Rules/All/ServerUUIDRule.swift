import Topology

extension Rule {
    static let serverUUID = Rule(
        "id.uuid", "The two must not have one server_uuid",
        why: """
            Two addresses with one `server_uuid` are one server, or a copy whose `auto.cnf` was copied too; a receiver \
            refuses such a source (error 1593), and GTIDs of both would be mixed up.
            """,
        remedy: "Remove `auto.cnf` from the copy's data directory and restart it.", gravity: .refuse
    ) { placement, objections in
        let (replica, target) = (placement.replica, placement.target)
        guard let uuid = replica.serverUUID, uuid == target.serverUUID, replica.address != target.address
        else { return }
        objections.refuse(
            "\(replica.address) and \(target.address) both have the server_uuid \(uuid)",
            measured: placement.measured("server_uuid", uuid.description, uuid.description),
            remedies: [
                .advice("where one is a copy of the other, stop it, remove its auto.cnf and start it again"),
                .anotherTarget,
            ])
    }
}

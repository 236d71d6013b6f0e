import Topology

/// By MariaDB's GTID positions: the replica goes on after what it applied last in each domain.
struct MariaDBGTIDMethod: Method {
    let name = "mariadb-gtid"
    let touchesReplicaOnly = true

    func steps(for relocation: Relocation) -> MethodAnswer {
        let (replica, target) = (relocation.replica.address, relocation.target.address)
        guard relocation.replica.facts?.version.flavor == .mariadb else {
            return .refused("\(replica) is no MariaDB server")
        }
        guard relocation.target.facts?.version.flavor == .mariadb else {
            return .refused("\(target) is no MariaDB server")
        }
        switch relocation.channel.positioning {
        case .replicaPosition: return .steps(Stages([[relocation.movingStep(.replicaPosition, .replicaPosition)]]))
        case .currentPosition:
            // Said nothing, the server keeps `current_pos`: it may hold writes of its own that slave_pos does not.
            return .steps(Stages([[relocation.movingStep(nil, .currentPosition)]]))
        case .autoPosition, .binlogPosition:
            return .refused(
                "\(replica) follows by file and position", [.command("baton enable-gtid \(replica)")])
        }
    }
}

import Topology

extension Rule {
    static let gtidErrantReplica = Rule(
        "gtid.errant-d", "The replica must have no transactions that the target will never have",
        why: """
            A replica that has more than its source is another data set. Where it has them already against its present \
            source, a move makes it no worse, but it breaks when somebody is put below it or promotes it, so that has to \
            be confirmed. Transactions that may still arrive at the target, because their origin stands above it, are left \
            out; in a recovery those of a dead server do not arrive any more. So are those that come to the replica over \
            another channel. MariaDB's positions show a divergence where \
            the target's log went past a transaction without having it.
            """,
        remedy: """
            Find out what they changed; then inject empty transactions on the primary (MySQL), choose a target that has \
            them, or rebuild the replica.
            """,
        gravity: .refuse
    ) { placement, objections in
        guard placement.drag.usesGTID else { return }
        if let executed = placement.replica.executed, let theirs = placement.target.executed {
            guard !executed.isSubset(of: theirs) else { return }
            judge(executed.subtracting(theirs), placement, &objections)
        } else if placement.replica.mariadb != nil, placement.target.mariadb != nil {
            judgeMariaDB(placement, &objections)
        }
    }

    private static func judge(_ excess: GTIDSet, _ placement: Placement, _ objections: inout Objections) {
        let drag = placement.drag
        let excused = Set(excess.parts.map(\.origin.uuid).filter { drag.mayReceive($0, at: placement.target) })
        var lost = excused.isEmpty ? excess : excess.removing(excused)
        // What comes over other channels goes on coming there.
        for side in drag.otherSources {
            let fed = Set(lost.parts.map(\.origin.uuid).filter { drag.mayReceive($0, at: side) })
            lost = (side.executed.map(lost.subtracting) ?? lost).removing(fed)
        }
        guard !lost.isEmpty else { return }
        let isOld: Bool
        if case .mysql(let errant) = drag.errant { isOld = lost.isSubset(of: errant) } else { isOld = false }
        tell(
            lost.transactionCount.counted("transaction"), lost.description, isOld: isOld, placement, &objections,
            remedies: [
                .advice("find out what they changed: mysqlbinlog --include-gtids on \(placement.replica.address)"),
                .command("baton gtid-errant-inject-empty \(placement.replica.address)"),
            ])
    }

    private static func judgeMariaDB(_ placement: Placement, _ objections: inout Objections) {
        let drag = placement.drag
        guard let state = placement.replica.mariadb, let theirs = placement.target.mariadb,
            let position = placement.replica.position(of: placement.channel)
        else { return }
        if position.gtids.allSatisfy({ theirs.binlogState.covers($0) }), !placement.replica.hasOwnWrites { return }
        let own = state.binlogState.gtids.filter { $0.server == placement.replica.serverID }
        let diverged = theirs.binlogState.divergence(of: position)
        let lost = Set(own + position.gtids).filter { gtid in
            guard !theirs.binlogState.covers(gtid) else { return false }
            // A domain that the target does not know at all is the rule `gtid.domain`'s.
            guard theirs.binlogPosition[gtid.domain] != nil else { return false }
            return diverged.contains(gtid) || !drag.mayReceive(serverID: gtid.server, at: placement.target)
        }.sorted { ($0.domain, $0.server, $0.sequence) < ($1.domain, $1.server, $1.sequence) }
        guard !lost.isEmpty else { return }
        let isOld: Bool
        if case .mariadb(let errant) = drag.errant, Set(lost).isSubset(of: errant) {
            isOld = true
        } else {
            isOld = lost.allSatisfy { drag.isUnknownToSource($0) }
        }
        // The source refuses whoever asks to go on after a transaction that it does not have (error 1236).
        let isAskedFor = lost.contains { position.gtids.contains($0) }
        let text = lost.map(\.description).joined(separator: ",")
        tell(
            "transactions up to \(text)", text, isOld: isOld && !isAskedFor, placement, &objections,
            remedies: [.advice("find out what they changed: mysqlbinlog on \(placement.replica.address)")])
    }

    private static func tell(
        _ amount: @autoclosure () -> String, _ value: @autoclosure () -> String, isOld: Bool, _ placement: Placement,
        _ objections: inout Objections, remedies: @autoclosure () -> [Remedy]
    ) {
        let (replica, target) = (placement.replica.address, placement.target.address)
        let lackers =
            placement.drag.source?.address == target ? "\(target) has not" : "neither its source nor \(target) has"
        objections.add(
            isOld ? .confirm : .refuse,
            isOld
                ? "\(replica) has \(shortened(amount())) that \(lackers)"
                : "\(replica) has \(shortened(amount())) that \(target) has not and will not receive",
            measured: [Measurement("errant", of: replica, value())],
            remedies: remedies() + [.advice("rebuild \(replica) from a backup of \(target)"), .anotherTarget])
    }
}

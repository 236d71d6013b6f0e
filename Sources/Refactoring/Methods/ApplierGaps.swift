import Topology

extension Instance {
    /// Whether stopped parallel appliers may have left transactions out before their position: then a position says
    /// too little (MySQL 8.4 manual, "Replication and Transaction Inconsistencies"). MariaDB applies in parallel but
    /// always commits in order, unless told otherwise per domain, which needs GTIDs.
    ///
    /// Filling gaps where there are none stops at once, so that a server of which too little is known is asked to.
    var mayHaveGaps: Bool { isMySQLFamily && facts?.parallelApplier?.mayLeaveGaps ?? true }

    /// Stops a channel at a known place.
    ///
    /// - Parameter isPlacePosition: whether it is the position that will be believed: then gaps before it are filled.
    func stopStep(
        _ channel: ReplicationChannel, _ limits: PlanLimits, isPlacePosition: Bool, observes: [Observation] = []
    ) -> Step {
        let threads = FoundThreads(channel)
        let fillsGaps = isPlacePosition && mayHaveGaps
        let follows: Expectation =
            channel.source.map { .follows($0, channel: channel.name) } ?? .followsNobody(channel: channel.name)
        return Step(
            stage: 0, on: address,
            fillsGaps
                ? "stop replication at a known place, without gaps before it" : "stop replication at a known place",
            preconditions: identityExpectation + [follows, .positions(channel.positioning, channel: channel.name)]
                + threads.asFound,
            commands: threads.stop
                + (fillsGaps ? [.startReplication(channel: channel.name, threads: .applier, until: .gapsFilled)] : []),
            observes: observes, proof: threads.stopped,
            timeLimit: fillsGaps ? limits.catchingUp(channel) : limits.statement,
            waitsFor: fillsGaps ? "its applier to fill the gaps of parallel workers" : nil, inverse: threads.start)
    }
}

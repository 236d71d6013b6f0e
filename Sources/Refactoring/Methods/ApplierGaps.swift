import Topology

extension Instance {
    /// Whether stopped parallel appliers may have left transactions out before their position: then a position says
    /// too little (MySQL 8.4 manual, "Replication and Transaction Inconsistencies"). MariaDB applies in parallel but
    /// always commits in order, unless told otherwise per domain, which needs GTIDs.
    ///
    /// A server of which too little is known is asked to fill them: where there are none, that changes nothing.
    var mayHaveGaps: Bool { isMySQLFamily && facts?.parallelApplier?.mayLeaveGaps ?? true }

    /// Stops a channel at a known place.
    ///
    /// - Parameter isPlacePosition: whether it is the position that will be believed: then gaps before it are filled.
    package func stopStep(
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
                + (fillsGaps ? Self.fillingGaps(of: channel.name) : []),
            observes: observes, proof: threads.stopped,
            timeLimit: fillsGaps ? limits.catchingUp(channel) : limits.statement,
            waitsFor: fillsGaps ? "its applier to fill the gaps of parallel workers" : nil, inverse: threads.start)
    }

    /// An applier that has nothing left to apply does not stop at its gaps' end: it looks whether there are any only when the
    /// next event comes (measured on MySQL 9.7). So it is waited for, and stopped.
    private static func fillingGaps(of channel: String) -> [Command] {
        [
            .startReplication(channel: channel, threads: .applier, until: .gapsFilled),
            .wait(channel: channel, .gapsFilled),
            .stopReplication(channel: channel, threads: .applier),
        ]
    }
}

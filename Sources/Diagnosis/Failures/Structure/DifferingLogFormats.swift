import Topology

extension FailureDetector {
    /// Replicas that log by statement beside others that log mixed.
    static let statementAndMixedLoggingReplicas = formats(
        .statementAndMixedLoggingReplicas, .statement, .mixed)
    /// Replicas that log by statement beside others that log rows.
    static let statementAndRowLoggingReplicas = formats(.statementAndRowLoggingReplicas, .statement, .row)
    /// Replicas that log mixed beside others that log rows.
    static let mixedAndRowLoggingReplicas = formats(.mixedAndRowLoggingReplicas, .mixed, .row)

    private static func formats(
        _ code: FailureCode, _ one: BinaryLog.Format, _ other: BinaryLog.Format
    ) -> FailureDetector {
        FailureDetector(
            code, of: [.primary, .groupMember], when: [.isAtTop, .logging(one), .logging(other)]
        ) { scene in
            scene.views.compactMap { view in
                guard let format = view.relayedFormat, format == one || format == other else { return nil }
                return FailureEvidence(
                    .replica, view.replica.address, channel: view.channel.name, "logs by \(format.rawValue)")
            }
        }
    }
}

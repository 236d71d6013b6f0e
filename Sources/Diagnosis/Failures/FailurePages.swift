/// The documentation of failure codes, as `docs/failures.md` holds it: written by the codes and their detectors, so that it
/// cannot differ.
public enum FailurePages {
    /// The whole page in Markdown.
    public static func page() -> String {
        var text = introduction
        for detector in FailureDetector.states { text += row(detector) }
        text += "| `\(FailureCode.binlogServerFailingToConnect.rawValue)` | "
        text += "BinlogServerFailingToConnectToMaster | never found: baton knows no binlog servers | - |\n"
        text += warnings
        for detector in FailureDetector.structures { text += row(detector) }
        return text + differences
    }

    private static func row(_ detector: FailureDetector) -> String {
        let code = detector.code
        let conditions = detector.conditions.map { condition in
            condition.notation.isEmpty ? condition.words : "\(condition.words) (`\(condition.notation)`)"
        }
        let roles = FailureRole.allCases.filter { detector.roles.contains($0) }
        let who = roles.count == FailureRole.allCases.count ? "any server" : roles.map(\.words).joined(separator: ", ")
        let recovery = code.recovery.kind.map { "\($0.words)" } ?? "none: \(code.recovery.words)"
        return
            "| `\(code.rawValue)` | \(code.orchestratorName ?? "-") | \(who): \(conditions.joined(separator: "; ")) | "
            + (code.isStructureWarning ? "\(code.meaning) |\n" : "\(recovery) |\n")
    }

    private static let introduction = """
        # Failures

        What baton finds to be the matter with servers on which others depend, by what it sees of them and by what their
        replicas see. `baton analyze` prints it; `baton analyze --explain SERVER` says of one server which condition of which
        code holds, with what was measured. This page is printed by `baton analyze --codes`.

        The codes are asked from the top; the first whose conditions all hold is what is the matter. A replica with several
        channels counts once for each, as a replica of each source.

        The letters in parentheses are those in which orchestrator's conditions are usually written: `m` follows nobody, `v` the
        last check was good, `ps` it got as far as the server's identity, `R` replicas, `VR` those whose check was good, `VRR`
        those that replicate too, `F` those that fail to connect, `L` lagging, `D` delayed.

        | code | orchestrator's name | on | recovery |
        |---|---|---|---|

        """

    private static let warnings = """

        ## How clusters are built

        Warnings that stand beside the codes above; all that hold are told. None is followed by a recovery.

        | code | orchestrator's name | on | meaning |
        |---|---|---|---|

        """

    private static let differences = """

        ## What each word means

        - *It answers*: a connection succeeds. A server that turns baton away (access denied, too many connections, a
          blocked host) answers: it is not dead. *baton cannot reach it*: the attempts of this run fail. A server that is remembered from an
          earlier run, or was not asked yet, says nothing either way; while a replica has not been asked, nobody is called dead.
        - *A replica hears from it*: the replica answers, its receiver runs, and events or heartbeats arrive; or the source
          turned it away with an error that only a living server gives (1045, 1040, 1130 and the like). Both say that the
          source lives.
        - *A replica has lost it*: its receiver is connecting (for the first time or anew), or it stopped with an error of
          connecting (`connecting to master`, `connecting to source`, `reconnecting`), or it is connected and has received neither an
          event nor a heartbeat for two heartbeat periods. Heartbeat periods of zero or of more than ten seconds say
          nothing.
        - *Lagging*: more than ten seconds behind, beyond the configured delay. A lag that cannot be told does not count.

        ## Where baton differs from orchestrator

        - A source counts as dead only where no replica that answers *receives*; orchestrator asks for no replica with both
          threads running, so that an applier that stopped with an error makes a living source look dead to it.
        - A replica whose receiver was stopped by hand, or by an error of its own, does not replicate in both programs. orchestrator
          takes that for a sign of death; baton wants at least one replica that says that it lost the source, and otherwise reports
          `primary.unconfirmed`, which no recovery follows.
        - A source that hangs is found by the silence of its heartbeats, before the replicas' own time limit ends.
        - A server in maintenance stays in the analysis and is marked as silent; orchestrator leaves it out.
        - A replica right below the top that cannot connect is not told of where its source is lost: the source's own failure
          says it.
        - `F` does not ask whether the applier runs: whether a replica can connect has nothing to do with it.
        - A co-primary that does not answer, with none of its replicas answering, has a code of its own.
        - Writable replicas, two writable co-primaries, accounts that are refused, and a primary that answers but cannot
          write are found besides.

        ## Silence

        A failure stays in the list and says why it is silent: the server is in downtime; all its replicas are in downtime, of codes
        that are about replicas; it is in maintenance; the configuration leaves it out. Nothing silent raises an alarm or is
        followed by a recovery.

        """
}

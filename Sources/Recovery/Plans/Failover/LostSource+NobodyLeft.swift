import Refactoring
import Topology

extension LostSource {
    /// That none of its replicas is left to work with: which are known, how each fails, what that means and what helps; `nil`
    /// where one is left.
    ///
    /// - Parameter draft: the one that the lost source was looked up in.
    func nobodyLeft(_ draft: PlanDraft) -> Reason? {
        guard replicas.isEmpty else { return nil }
        let meaning = "nobody can be promoted or led elsewhere, and nothing was changed"
        guard !silent.isEmpty || !reserved.isEmpty else {
            return Reason(
                FailoverCondition.noReplica,
                "no replica of \(address) is known, neither from the store nor from a server that answers: \(meaning)",
                remedies: [
                    .advice(
                        "make its replicas known, where it has any: baton discover REPLICA (a replica names its source; a "
                            + "source that is down names nobody)"),
                    .advice("bring \(address) back"),
                ])
        }
        let silences = silent.map { silence(of: $0, draft) }
        let busy = reserved.map { "\($0.address) is in maintenance (\($0.mark.owner))" }
        let who =
            reserved.isEmpty
            ? "none of the known replicas of \(address) answers" : "no replica of \(address) is free"
        return Reason(
            FailoverCondition.noReplica,
            "\(who): \(meaning); \((silences.map(\.sentence) + busy).joined(separator: "; "))",
            measured: silences.compactMap(\.measured), remedies: remedies)
    }

    /// Beyond that many servers nobody asks each.
    private static let mostAsked = 3

    private var remedies: [Remedy] {
        let ends = reserved.map { Remedy.command("baton end-maintenance \($0.address)") }
        guard !silent.isEmpty else { return ends }
        return ends + silent.prefix(Self.mostAsked).map { .command("baton doctor \($0)") } + [
            .advice(
                "bring one of them back, first the one that has received most, or \(address) itself; then ask again"),
            .advice("where they run, it is the way from here to them that is broken: ask from another place"),
        ]
    }

    private func silence(
        of server: InstanceAddress, _ draft: PlanDraft
    ) -> (sentence: String, measured: Measurement?) {
        guard let instance = draft.fleet[server] else { return ("\(server) was never read by baton", nil) }
        if case .remembered = instance.contact {
            return ("\(server) is remembered as one that did not answer", nil)
        }
        let silence = draft.silence(of: instance)
        return (silence.sentence, silence.measured.first)
    }
}

import Recovery
import Refactoring
import TerminalKit
import Topology

// MARK: - Whether a switchover can be made

extension AssistantScreen {
    /// Everything that stands in the way of a switchover, what there is to know, and how its servers are.
    func checkDetails(_ model: ConsoleModel) -> Details {
        var lines = [
            Details.Line("primary", Words(NameWords.full(source, model.known.fleet), .strong)),
            Details.Line("cluster", Words(clusterName(model).sanitized, .strong)),
        ]
        let reasons = sheet?.answer.reasons ?? []
        let refusals = reasons.filter { $0.gravity == .refuse }
        let others = reasons.filter { $0.gravity != .refuse }
        if let sheet {
            let who = effective.map { NameWords.full($0.instance, model.known.fleet) } ?? "nobody"
            lines.append(Details.Line("takes over", Words(who, .strong)))
            let count = others.isEmpty ? "" : "; \(others.count.counted("thing")) to read first"
            lines.append(
                sheet.plan == nil
                    ? Details.Line("verdict", Words("it cannot be done now", .bad))
                    : Details.Line("verdict", Words("it can be done", .good), Words(count, .warning)))
        } else {
            lines.append(Details.Line("verdict", Words("the servers are being checked…", .faint)))
        }
        return Details(
            sections: [
                Details.Section(heading: "", lines: lines),
                Details.Section(heading: "what stands in the way", lines: Details.reasons(refusals)),
                Details.Section(heading: "to read first", lines: Details.reasons(others)),
                Details.Section(heading: "what is seen", lines: states(model)),
            ], hasRunningAge: true)
    }

    /// The primary and its direct replicas, each with what matters to a switchover.
    private func states(_ model: ConsoleModel) -> [Details.Line] {
        let fleet = model.known.fleet
        return ([source] + fleet.replicas(of: source).sorted()).compactMap { address in
            fleet[address].map { server in
                Details.Line(NameWords.full(address, fleet), words: Self.state(of: server, model))
            }
        }
    }

    /// Whether it answers and takes writes, and how far behind it is.
    static func state(of server: Instance, _ model: ConsoleModel) -> [Words] {
        if let gone = InstanceWords.contact(server.contact, now: model.now) { return [gone] }
        guard let facts = server.facts else { return [Words("nothing is known of it", .unknown)] }
        let isReplica = server.channels.contains { $0.source != nil }
        var words = [
            Words(InstanceWords.words(facts.writability), isReplica && facts.writability.isWritable ? .warning : .plain)
        ]
        let state = StateWords.state(of: server, model)
        let lag = state.text == "0 s" ? Words("replicates, 0 s behind", .good) : state
        if !state.text.isEmpty { words += [Words(", "), lag] }
        return words
    }
}

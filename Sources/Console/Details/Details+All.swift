import Diagnosis
import Topology

extension Details {
    /// All that is to be said about an instance, what is wrong first.
    static func of(_ instance: Instance, depth: DetailDepth, _ model: ConsoleModel) -> Details {
        let problems = model.known.problems(of: instance.address)
        var sections = [
            Section(heading: "", lines: place(of: instance, model) + contact(instance.contact, model)),
            Section(heading: "problems", lines: self.problems(problems, of: instance.address, model, depth: depth)),
        ]
        let isPresent = instance.contact.isReachable
        let channels = replication(
            instance, history: model.known.histories[instance.address], depth: depth, model)
        sections += isPresent ? channels : channels.map { $0.dimmed(", as last seen") }
        sections.append(Section(heading: "server", lines: server(instance, model)))
        if let facts = instance.facts {
            sections.append(Section(heading: "log", lines: log(instance, depth: depth)))
            sections.append(Section(heading: "semi-sync", lines: semiSync(facts.semiSync)))
            if let group = facts.groupReplication {
                sections.append(Section(heading: "group", lines: self.group(group)))
            }
            if let galera = facts.galera { sections.append(Section(heading: "galera", lines: self.galera(galera))) }
            sections.append(Section(heading: "not readable", lines: unavailable(facts.unavailable)))
        }
        return Details(sections: sections, hasRunningAge: true)
    }

    /// Role and cluster.
    private static func place(of instance: Instance, _ model: ConsoleModel) -> [Line] {
        var words = [Words(role(of: instance, model))]
        let replicas = model.known.fleet.replicas(of: instance.address).count
        if replicas > 0 { words.append(Words(", \(replicas) replica\(replicas == 1 ? "" : "s")", .faint)) }
        var lines = [Line("role", words: words)]
        if let cluster = model.known.cluster(of: instance.address) {
            lines.append(Line("cluster", Words(cluster.name)))
        }
        return lines
    }

    /// What the instance is to others, in the field's words.
    static func role(of instance: Instance, _ model: ConsoleModel) -> String {
        if let group = instance.facts?.groupReplication?.own {
            return group.isPrimary ? "primary of its group" : "secondary of its group"
        }
        if instance.facts?.galera != nil { return "Galera member" }
        let hasReplicas = !model.known.fleet.replicas(of: instance.address).isEmpty
        if isDetachedReplica(instance) { return "detached replica" }
        if model.known.isPrimary(instance.address) { return "primary" }
        if isCoPrimary(instance, model.known.fleet) { return "co-primary" }
        if instance.isReplica { return hasReplicas ? "intermediate source" : "replica" }
        return hasReplicas ? "source" : "stands alone"
    }

    /// Whether it was taken from its source and did not take over from it: nobody may write on it.
    private static func isDetachedReplica(_ instance: Instance) -> Bool {
        guard let facts = instance.facts, !facts.writability.isWritable, !instance.isReplica else { return false }
        return facts.channels.contains(where: \.isDetached)
    }

    /// Whether it replicates from a server that replicates from it.
    private static func isCoPrimary(_ instance: Instance, _ fleet: Fleet) -> Bool {
        instance.channels.contains { channel in
            guard let source = fleet.source(of: channel), source != instance.address else { return false }
            return fleet[source]?.channels.contains { fleet.source(of: $0) == instance.address } ?? false
        }
    }

    /// Problems, each with since when, what speaks for it, and what would mend it.
    ///
    /// - Parameter address: the instance whose name stands beside them; `nil` where they are of several.
    static func problems(
        _ problems: [Problem], of address: InstanceAddress?, _ model: ConsoleModel, depth: DetailDepth
    ) -> [Line] {
        problems.flatMap { problem in
            let health = Health(problem.severity)
            let tone: Tone = problem.severity == .notice ? .plain : health.tone
            let summary = problem.subject == address ? problem.summaryBesideName : problem.summary
            var words = [Words(summary, tone)]
            if let since = model.known.since(problem) {
                // Where the server does not say it, all that is known is when this console saw it.
                let verb = problem.since == nil ? "seen since" : "since"
                words.append(Words(", \(verb) \(model.when(since))", .faint))
            }
            var lines = [Line(ProblemWords.severity(problem), words: words)]
            if depth == .summary { return lines }
            // Beside the tree the channel's own lines say the same below.
            if depth == .full {
                lines += problem.evidence.map { Line("", Words($0, .faint)) }
                if let seen = problem.lastSeen {
                    lines.append(Line("", Words("last seen \(model.when(seen))", .faint)))
                }
            }
            if let remedy = problem.remedy { lines.append(Line("mend by", Words(remedy))) }
            return lines
        }
    }
}

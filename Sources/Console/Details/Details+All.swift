import Diagnosis
import Topology

extension Details {
    /// All that is to be said about an instance, what is wrong first.
    static func of(_ instance: Instance, depth: DetailDepth, _ model: ConsoleModel) -> Details {
        let (now, clock) = (model.now, model.clock)
        let problems = model.known.problems(of: instance.address)
        var sections = [
            Section(heading: "", lines: place(of: instance, model) + contact(instance.contact, now: now, clock: clock)),
            Section(heading: "problems", lines: self.problems(problems, model, depth: depth)),
        ]
        let isPresent = instance.contact.isReachable
        let channels = replication(
            instance, fleet: model.known.fleet, limits: model.known.diagnosis.limits,
            history: model.known.histories[instance.address], depth: depth, now: now, clock: clock)
        sections += isPresent ? channels : channels.map { $0.dimmed(", as last seen") }
        sections.append(Section(heading: "server", lines: server(instance, now: now, clock: clock)))
        if let facts = instance.facts {
            sections.append(Section(heading: "log", lines: log(instance, depth: depth)))
            sections.append(Section(heading: "semi-sync", lines: semiSync(facts.semiSync)))
            if let group = facts.groupReplication {
                sections.append(Section(heading: "group", lines: self.group(group)))
            }
            if let galera = facts.galera { sections.append(Section(heading: "galera", lines: self.galera(galera))) }
            sections.append(Section(heading: "not readable", lines: unavailable(facts.unavailable)))
        }
        return Details(sections: sections, hasRunningAge: !instance.contact.isReachable)
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

    private static func role(of instance: Instance, _ model: ConsoleModel) -> String {
        if let group = instance.facts?.groupReplication?.own {
            return group.isPrimary ? "primary of its group" : "secondary of its group"
        }
        if instance.facts?.galera != nil { return "Galera member" }
        let hasReplicas = !model.known.fleet.replicas(of: instance.address).isEmpty
        if model.known.isPrimary(instance.address) { return "primary" }
        if instance.isReplica { return hasReplicas ? "intermediate source" : "replica" }
        return hasReplicas ? "source" : "stands alone"
    }

    /// Problems, each with since when, what speaks for it, and what would mend it.
    static func problems(_ problems: [Problem], _ model: ConsoleModel, depth: DetailDepth) -> [Line] {
        problems.flatMap { problem in
            let health = Health(problem.severity)
            let tone: Tone = problem.severity == .notice ? .plain : health.tone
            var words = [Words(ProblemWords.summary(problem, withName: depth == .summary), tone)]
            if let since = model.known.since(problem) {
                words.append(Words(", since \(model.clock.moment(since, now: model.now))", .faint))
            }
            var lines = [Line(ProblemWords.severity(problem), words: words)]
            if depth == .summary { return lines }
            // Beside the tree the channel's own lines say the same below.
            if depth == .full { lines += problem.evidence.map { Line("", Words($0, .faint)) } }
            if let remedy = problem.remedy { lines.append(Line("mend by", Words(remedy))) }
            return lines
        }
    }
}

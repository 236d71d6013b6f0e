import Topology

/// The problems of a fleet at one moment, its failures among them, and each server's status.
///
/// A diagnosis after another examines only servers that changed and those beside them, as long as trees and clusters
/// stayed the same.
public struct Diagnosis: Sendable {
    /// The fleet that was examined.
    public let fleet: Fleet
    /// From when on a measured value counted as a problem in it.
    public let limits: DiagnosisLimits
    /// What failures were judged by besides the fleet.
    public let inputs: FailureInputs
    /// All problems but those of downtimed servers: the worst first, then by kind and server.
    public let problems: [Problem]
    /// Problems that nobody wants to hear of, because their servers are downtimed.
    public let silentProblems: [Problem]
    /// Servers whose problems are silent, by the addresses under which the fleet keeps them.
    public let downtimed: Set<InstanceAddress>
    /// Those of them of whose problems nobody is told: one that was lost, and is back with clients writing on it, is no
    /// longer such.
    private let silent: Set<InstanceAddress>
    /// What is the matter with servers on which others depend, with all evidence.
    public let failures: FailureAnalysis
    /// The trees and clusters of the fleet, which the diagnosis needs anyway.
    public var forest: Forest { context.forest }

    /// What detectors found, failures left out; worst first, and servers without problems are left out.
    private let found: [InstanceAddress: [Problem]]
    /// The same with failures in it, in place of what says less.
    private let problemsByServer: [InstanceAddress: [Problem]]
    /// Problems that are told of another server, by the servers that share them.
    private let sharedProblems: [InstanceAddress: [Problem]]
    private let context: DiagnosisContext

    /// Examines every server.
    public init(
        of fleet: Fleet, limits: DiagnosisLimits = DiagnosisLimits(), inputs: FailureInputs? = nil
    ) {
        let inputs = inputs ?? FailureInputs(limits: limits.failures)
        let context = DiagnosisContext(fleet, limits: limits)
        var found: [InstanceAddress: [Problem]] = [:]
        for instance in fleet.instances {
            let problems = context.problems(of: instance)
            if !problems.isEmpty { found[instance.address] = problems }
        }
        for source in fleet.unseenSources { found[source] = [context.neverSeen(source)] }
        let failures = FailureAnalysis(
            FailureContext(
                fleet: fleet, forest: context.forest, inRings: context.inRings, inputs: CountingInputs(inputs),
                errant: Self.errant(found.keys, found)))
        self.init(context, found, failures, inputs, downtimed: [])
    }

    /// The same diagnosis, in which the problems of these servers, and of no others, are silent.
    public func silencing(_ downtimed: Set<InstanceAddress>) -> Diagnosis {
        guard downtimed != self.downtimed else { return self }
        return Diagnosis(context, found, failures, inputs, downtimed: downtimed)
    }

    /// The same fleet's diagnosis by what operators say at that moment: the problems of downtimed servers are silent, and
    /// failures are judged so.
    public func marked(by marks: OperatorMarks, at moment: Timestamp) -> Diagnosis {
        let downtimed = marks.downtimed(at: moment)
        // Without marks and signals nothing depends on the moment.
        if inputs.marks == marks, marks == OperatorMarks(), inputs.signals == FailureSignals() {
            return silencing(downtimed)
        }
        var inputs = inputs
        inputs.marks = marks
        inputs.now = moment
        return Diagnosis(of: fleet, after: self, inputs: inputs).silencing(downtimed)
    }

    /// Examines what changed since `previous`, and gives what a diagnosis of the whole fleet would.
    ///
    /// - Parameters:
    ///   - fleet: a later state of the fleet that was examined before.
    ///   - inputs: what failures are judged by now; as before where nothing is said.
    public init(of fleet: Fleet, after previous: Diagnosis, inputs: FailureInputs? = nil) {
        let inputs = inputs ?? previous.inputs
        let counting = CountingInputs(inputs)
        guard fleet.structureVersion == previous.fleet.structureVersion, fleet.version >= previous.fleet.version,
            let marked = counting.servers(changedSince: previous.failures.inputs)
        else {
            self = Diagnosis(of: fleet, limits: previous.limits, inputs: inputs).silencing(previous.downtimed)
            return
        }
        let changed = fleet.addresses(changedSince: previous.fleet)
        var context = previous.context
        context.fleet = fleet
        var affected = Set(changed)
        for address in changed {
            affected.formUnion(fleet.replicas(of: address))
            affected.formUnion(fleet[address]?.channels.compactMap { fleet.source(of: $0) } ?? [])
            // Members of a large ring speak of all others, not of their neighbours only.
            affected.formUnion(context.ringMembers(besides: address))
        }
        var found = previous.found
        for address in affected {
            guard let instance = fleet[address] else { continue }
            let problems = context.problems(of: instance)
            found[address] = problems.isEmpty ? nil : problems
        }
        if affected.isEmpty, marked.isEmpty {
            self.init(context, found, previous.failures, inputs, downtimed: previous.downtimed)
            return
        }
        let before = previous.failures.context
        let failing = FailureContext(
            fleet: fleet, forest: before.forest, inRings: before.inRings, inputs: counting,
            errant: before.errant.subtracting(affected).union(Self.errant(affected, found)))
        // A server's failure is told by itself and by its replicas.
        var judged = affected.union(marked)
        // Whether one that was lost is back in its place depends on a tree of others.
        judged.formUnion(counting.replaced.keys)
        for address in affected.union(marked) {
            judged.formUnion(fleet[address]?.channels.compactMap { fleet.source(of: $0) } ?? [])
        }
        self.init(
            context, found, FailureAnalysis(failing, after: previous.failures, affected: judged), inputs,
            downtimed: previous.downtimed)
    }

    private init(
        _ context: DiagnosisContext, _ found: [InstanceAddress: [Problem]], _ failures: FailureAnalysis,
        _ inputs: FailureInputs, downtimed: Set<InstanceAddress>
    ) {
        fleet = context.fleet
        limits = context.limits
        self.context = context
        self.found = found
        self.failures = failures
        self.inputs = inputs
        self.downtimed = downtimed
        var merged = found
        for failure in failures.failures {
            guard let problem = failure.problem else { continue }
            let others = merged[failure.subject, default: []].filter { !failure.superseded.contains($0.kind) }
            merged[failure.subject] = (others + [problem]).sorted(by: Problem.isShownBefore)
        }
        problemsByServer = merged
        let all = merged.values.flatMap { $0 }.sorted(by: Problem.isShownBefore)
        let silent = downtimed.subtracting(
            failures.failures.lazy.filter { $0.code == .primaryReturned && !$0.isSuppressed }.map(\.subject))
        self.silent = silent
        problems = silent.isEmpty ? all : all.filter { !silent.contains($0.subject) }
        silentProblems = silent.isEmpty ? [] : all.filter { silent.contains($0.subject) }
        var shared: [InstanceAddress: [Problem]] = [:]
        for problem in problems { for partner in problem.partners { shared[partner, default: []].append(problem) } }
        sharedProblems = shared
    }

    /// Those of some servers that have errant transactions.
    private static func errant(
        _ servers: some Sequence<InstanceAddress>, _ found: [InstanceAddress: [Problem]]
    ) -> Set<InstanceAddress> {
        Set(servers.filter { found[$0]?.contains { $0.kind == .errantTransactions } ?? false })
    }

    /// The problems that one server has, alone or with others, worst first; none of its own where it is downtimed.
    public func problems(of address: InstanceAddress) -> [Problem] {
        let address = fleet.canonical(address)
        let own = silent.contains(address) ? [] : problemsByServer[address] ?? []
        guard let shared = sharedProblems[address] else { return own }
        return (own + shared).sorted(by: Problem.isShownBefore)
    }

    /// How a server is to be shown.
    public func status(of address: InstanceAddress) -> InstanceStatus {
        if silent.contains(fleet.canonical(address)) { return .downtimed }
        return InstanceStatus(fleet[address], problems: problems(of: address))
    }
}

extension Problem {
    /// Worst first, then by kind in the order of ``ProblemKind``'s names, server and channel.
    static func isShownBefore(_ left: Problem, _ right: Problem) -> Bool {
        if left.severity != right.severity { return left.severity > right.severity }
        if left.kind != right.kind { return left.kind.rawValue < right.kind.rawValue }
        if left.subject != right.subject { return left.subject < right.subject }
        return (left.channel ?? "") < (right.channel ?? "")
    }
}

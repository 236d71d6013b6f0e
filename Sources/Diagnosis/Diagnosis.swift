import Topology

/// The problems of a fleet at one moment, and each server's status.
///
/// A diagnosis after another examines only servers that changed and those beside them, as long as trees and clusters
/// stayed the same.
public struct Diagnosis: Sendable {
    /// The fleet that was examined.
    public let fleet: Fleet
    /// From when on a measured value counted as a problem in it.
    public let limits: DiagnosisLimits
    /// All problems: the worst first, then by kind and server.
    public let problems: [Problem]
    /// The trees and clusters of the fleet, which the diagnosis needs anyway.
    public var forest: Forest { context.forest }

    /// Worst first; servers without problems are left out.
    private let problemsByServer: [InstanceAddress: [Problem]]
    /// Problems that are told of another server, by the servers that share them.
    private let sharedProblems: [InstanceAddress: [Problem]]
    private let context: DiagnosisContext

    /// Examines every server.
    public init(of fleet: Fleet, limits: DiagnosisLimits = DiagnosisLimits()) {
        let context = DiagnosisContext(fleet, limits: limits)
        var found: [InstanceAddress: [Problem]] = [:]
        for instance in fleet.instances {
            let problems = context.problems(of: instance)
            if !problems.isEmpty { found[instance.address] = problems }
        }
        for source in fleet.unseenSources { found[source] = [context.neverSeen(source)] }
        self.init(fleet: fleet, context: context, problemsByServer: found)
    }

    /// Examines what changed since `previous`, and gives what a diagnosis of the whole fleet would.
    ///
    /// - Parameter fleet: a later state of the fleet that was examined before.
    public init(of fleet: Fleet, after previous: Diagnosis) {
        guard fleet.structureVersion == previous.fleet.structureVersion, fleet.version >= previous.fleet.version else {
            self.init(of: fleet, limits: previous.limits)
            return
        }
        let changed = fleet.addresses(changedSince: previous.fleet)
        if changed.isEmpty {
            self.init(fleet: fleet, context: previous.context, problemsByServer: previous.problemsByServer)
            return
        }
        var context = previous.context
        context.fleet = fleet
        var affected = Set(changed)
        for address in changed {
            affected.formUnion(fleet.replicas(of: address))
            affected.formUnion(fleet[address]?.channels.compactMap { fleet.source(of: $0) } ?? [])
            // Members of a large ring speak of all others, not of their neighbours only.
            affected.formUnion(context.ringMembers(besides: address))
        }
        var found = previous.problemsByServer
        for address in affected {
            guard let instance = fleet[address] else { continue }
            let problems = context.problems(of: instance)
            found[address] = problems.isEmpty ? nil : problems
        }
        self.init(fleet: fleet, context: context, problemsByServer: found)
    }

    private init(fleet: Fleet, context: DiagnosisContext, problemsByServer: [InstanceAddress: [Problem]]) {
        self.fleet = fleet
        self.context = context
        self.problemsByServer = problemsByServer
        limits = context.limits
        problems = problemsByServer.values.flatMap { $0 }.sorted(by: Problem.isShownBefore)
        var shared: [InstanceAddress: [Problem]] = [:]
        for problem in problems { for partner in problem.partners { shared[partner, default: []].append(problem) } }
        sharedProblems = shared
    }

    /// The problems that one server has, alone or with others, worst first.
    public func problems(of address: InstanceAddress) -> [Problem] {
        let address = fleet.canonical(address)
        let own = problemsByServer[address] ?? []
        guard let shared = sharedProblems[address] else { return own }
        return (own + shared).sorted(by: Problem.isShownBefore)
    }

    /// How a server is to be shown.
    public func status(of address: InstanceAddress) -> InstanceStatus {
        InstanceStatus(fleet[address], problems: problems(of: address))
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

import Topology

/// The failures of a fleet at one moment: of servers on which others depend, and of how clusters are built.
///
/// The replicas' view decides. A source that baton cannot reach while replicas hear from it is unreachable, not dead; it is dead
/// where no replica that answers hears from it, and at least one says that it has lost it. Servers that are remembered, or
/// were not asked yet, say nothing.
public struct FailureAnalysis: Sendable {
    /// What is the matter, the gravest first, and then the warnings of structure.
    public let failures: [Failure]

    private let byServer: [InstanceAddress: [Failure]]
    let context: FailureContext

    /// Analyses every server.
    public init(of fleet: Fleet, inputs: FailureInputs = FailureInputs()) {
        let forest = fleet.forest()
        var errant: Set<InstanceAddress> = []
        for held in fleet.heldInstances where !held.instance.errantTransactions(in: fleet).isEmpty {
            errant.insert(held.instance.address)
        }
        self.init(
            FailureContext(
                fleet: fleet, forest: forest, inRings: DiagnosisContext.ringMembers(forest),
                inputs: CountingInputs(inputs), errant: errant))
    }

    /// Analyses every server of a context.
    init(_ context: FailureContext) {
        var found: [InstanceAddress: [Failure]] = [:]
        let views = context.allViews()
        for held in context.fleet.heldInstances {
            let failures = context.failures(of: held, views: views[held.instance.address] ?? [])
            if !failures.isEmpty { found[held.instance.address] = failures }
        }
        self.init(context, found)
    }

    /// Analyses some servers anew, and takes the rest over from before.
    ///
    /// - Parameter affected: every server of which something changed, or of whose replicas; others of the fleet must stand
    ///   where they stood.
    init(_ context: FailureContext, after previous: FailureAnalysis, affected: Set<InstanceAddress>) {
        var found = previous.byServer
        for address in affected {
            guard let held = context.fleet.heldInstance(address) else { continue }
            let failures = context.failures(of: held, views: context.views(of: address))
            found[address] = failures.isEmpty ? nil : failures
        }
        self.init(context, found)
    }

    private init(_ context: FailureContext, _ byServer: [InstanceAddress: [Failure]]) {
        self.context = context
        self.byServer = byServer
        failures = byServer.values.flatMap { $0 }.sorted(by: Failure.isToldBefore)
    }

    /// The failures of one server: what is the matter with it first.
    public func failures(of address: InstanceAddress) -> [Failure] {
        byServer[context.fleet.canonical(address)] ?? []
    }

    /// What is the matter with a server, warnings of structure left out; `nil` where nothing is.
    public func failure(of address: InstanceAddress) -> Failure? {
        failures(of: address).first.flatMap { $0.code.isStructureWarning ? nil : $0 }
    }

    /// Why a server is, or is not, considered to have failed: the conditions of every code that it could have. `nil` where the
    /// fleet does not hold it.
    public func explanation(of address: InstanceAddress) -> FailureExplanation? {
        guard let held = context.fleet.heldInstance(address) else { return nil }
        let address = held.instance.address
        let scene = FailureScene(held, views: context.views(of: address), in: context).inOrder()
        return FailureExplanation(scene, failures: failures(of: address))
    }

    /// What counted besides the fleet.
    var inputs: CountingInputs { context.inputs }
}

extension Failure {
    /// Those with a recovery first, then in the order of ``FailureDetector/states``, warnings of structure last.
    static func isToldBefore(_ left: Failure, _ right: Failure) -> Bool {
        if left.isSuppressed != right.isSuppressed { return right.isSuppressed }
        let (leftActs, rightActs) = (left.recovery.kind != nil, right.recovery.kind != nil)
        if leftActs != rightActs { return leftActs }
        if left.code != right.code { return left.code.rank < right.code.rank }
        return left.subject < right.subject
    }
}

extension FailureCode {
    private static let ranks = Dictionary(uniqueKeysWithValues: zip(allCases, 0...))

    /// Its place among all codes.
    var rank: Int { Self.ranks[self] ?? 0 }
}

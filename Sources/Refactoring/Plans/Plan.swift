import Topology

/// Steps that carry out one intent, as data: printed, previewed, refused, journaled, resumed, undone and simulated.
public struct Plan: Hashable, Sendable, Codable {
    /// What is to be reached, in one sentence: "Move db3:3306 below db2:3306".
    public var intent: String
    /// The command that makes the same plan: `relocate`, `move-up`.
    public var verb: String
    /// How: `gtid`, `mariadb-gtid`, `position`, `equivalent`, or a dash where there is no choice.
    public var method: String
    /// Why the other methods were not taken, in the order in which they were tried.
    public var methodsRefused: [MethodRefusal]
    /// In order; those with the same ``Step/stage`` run at once.
    public var steps: [Step]
    /// What to ask a planner for where the plan is done and its steps can't simply be taken back: the moves that lead to
    /// where everything was, in order.
    public var undoMoves: [Move]
    /// The release of each server as it names itself, so that the plan can be written down where the fleet is not known.
    public var versions: [InstanceAddress: String]

    /// Rings of two co-primaries that it takes apart: a way back may lead into these, and into no others. `nil` for none.
    public var ringsLeft: [CoPrimaryRing]?
    /// Rings of two that it closes again on purpose, as they were before an earlier plan; `nil` for none.
    public var ringsClosed: [CoPrimaryRing]?
    /// Where it keeps clients from writing for a moment; `nil` where it does not.
    public var writeBlock: WriteBlock?
    /// Whose place is taken by it; `nil` for a plan that is no recovery.
    public var succession: Succession?
    /// Servers that are lost: nobody else may change them meanwhile, but they are neither locked nor asked, so that nobody
    /// waits for an answer that does not come. `nil` for none.
    public var givenUp: Set<InstanceAddress>?

    /// Makes a plan.
    public init(
        intent: String, verb: String, method: String, methodsRefused: [MethodRefusal] = [], steps: [Step],
        undoMoves: [Move] = [], versions: [InstanceAddress: String] = [:]
    ) {
        self.intent = intent
        self.verb = verb
        self.method = method
        self.methodsRefused = methodsRefused
        self.steps = steps
        self.undoMoves = undoMoves
        self.versions = versions
    }

    /// Every server on which a statement runs, in order of first use.
    public var instances: [InstanceAddress] {
        var seen: Set<InstanceAddress> = []
        return steps.map(\.instance).filter { seen.insert($0).inserted }
    }

    /// The server that it is about: the first that is changed, and not one that is only looked at before.
    public var subject: InstanceAddress? {
        steps.first { !$0.commands.isEmpty }?.instance ?? steps.first?.instance
    }

    /// Every server that nobody else may change meanwhile, in order of first use: ``instances``, and the sources that
    /// replicas are led to or would be led back to. What becomes of a replica depends on its new source as much as on
    /// itself: two siblings that are each moved below the other make a ring.
    ///
    /// Sources appear by the names that the plan has for them.
    public var concerned: [InstanceAddress] {
        var seen: Set<InstanceAddress> = []
        let sources = steps.flatMap { $0.commands + $0.inverse }.compactMap(\.newSource)
        return (instances + sources).filter { seen.insert($0).inserted }
    }

    /// The sources that its statements name, in order of first use.
    public var namedSources: [InstanceAddress] {
        var seen: Set<InstanceAddress> = []
        return steps.flatMap(\.commands).compactMap(\.newSource).filter { seen.insert($0).inserted }
    }

    /// The servers whose own source the plan changes.
    public var replicasThatMove: Set<InstanceAddress> {
        Set(steps.filter { $0.commands.contains(where: \.changesWhomItFollows) }.map(\.instance))
    }

    /// The plan with no time limits, to compare it with one that was made a moment later: limits follow the lag, and a plan
    /// is no other one because of them.
    public var withoutLimits: Plan {
        var plan = self
        for index in plan.steps.indices { plan.steps[index].timeLimit = .zero }
        return plan
    }
}

/// A way that was not taken.
public struct MethodRefusal: Hashable, Sendable, Codable {
    /// The way's name.
    public var method: String
    /// Why not, in one sentence.
    public var reason: String

    /// Makes a refusal.
    public init(_ method: String, _ reason: String) {
        self.method = method
        self.reason = reason
    }
}

/// One part of a plan: commands on one server that belong together.
public struct Step: Hashable, Sendable, Codable {
    /// Steps of one stage wait for all of the stage before, and run at once, on different servers.
    public var stage: Int
    /// Where the commands run.
    public var instance: InstanceAddress
    /// What it is for, in a few words: "stop the applier at a known place".
    public var purpose: String
    /// What must be true on the live server just before; checked by a probe.
    public var preconditions: [Expectation]
    /// Logs that must not have been begun anew since the plan's places in them were read; `nil` where it has no such places.
    /// Their servers must prove it, or nothing of the step is run.
    public var logs: [LogWitness]?
    /// In order.
    public var commands: [Command]
    /// What is read when it is done, for later steps.
    public var observes: [Observation]
    /// What is true when it is done; a plan that is resumed leaves out a step that is.
    public var proof: [Expectation]
    /// The longest that the commands and the proof may take, together.
    public var timeLimit: Duration
    /// What it may have to wait for, in words; `nil` where it waits for nothing but the server's answer.
    public var waitsFor: String?
    /// What takes it back, in order; empty where nothing has to be taken back.
    public var inverse: [Command]
    /// Why it can't be taken back, as a sentence; `nil` where it can.
    public var irreversible: String?

    /// The sources that its replica is led to, from another one or from none; a change that keeps the source leads nowhere
    /// new.
    public var newSources: [InstanceAddress] {
        let present = preconditions.compactMap { expectation in
            if case .follows(let source, _) = expectation { source } else { nil }
        }
        let old = present + inverse.compactMap(\.newSource)
        return commands.compactMap(\.newSource).filter { !old.contains($0) }
    }

    /// Makes a step.
    public init(
        stage: Int, on instance: InstanceAddress, _ purpose: String, preconditions: [Expectation] = [],
        commands: [Command], observes: [Observation] = [], proof: [Expectation], timeLimit: Duration = .seconds(10),
        waitsFor: String? = nil, inverse: [Command] = [], irreversible: String? = nil
    ) {
        self.stage = stage
        self.instance = instance
        self.purpose = purpose
        self.preconditions = preconditions
        self.commands = commands
        self.observes = observes
        self.proof = proof
        self.timeLimit = timeLimit
        self.waitsFor = waitsFor
        self.inverse = inverse
        self.irreversible = irreversible
    }
}

extension Command {
    /// The server that it makes a replica follow, `nil` where it leaves that as it is.
    var newSource: InstanceAddress? {
        if case .changeSource(_, let change) = self, change.rawHost == nil { change.source } else { nil }
    }

    fileprivate var changesWhomItFollows: Bool {
        if case .resetReplica = self { true } else { newSource != nil }
    }
}

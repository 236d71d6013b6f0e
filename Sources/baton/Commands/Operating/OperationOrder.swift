import ArgumentParser
import Diagnosis
import Engine
import Recovery
import Refactoring
import Topology

/// One thing that a command line asks to have changed, from its servers to its end.
struct OperationOrder {
    let options: OperationOptions
    let names: [ServerArgument]
    /// By which ways it may be done; `nil` for any.
    let methods: Set<String>?
    /// Whether the servers that are named have to answer.
    let subjects: OperationSubjects
    let wish: ([InstanceAddress], FleetAnswer) throws -> Wish
    /// Looks up the transactions that a refusal is about; `nil` where nobody asked for them.
    var look: ((InstanceAddress, [Reason]) async throws -> [TransactionLook])?

    /// For how long the server that is preferred to a promoted one is waited for afterwards, by the server that is lost; gives
    /// `nil` where nobody asks for that.
    var swapInLimit: (InstanceAddress, FleetAnswer) -> Duration? = { _, _ in nil }

    /// Plans, asks where that is needed, and runs.
    ///
    /// - Throws: ``CommandFailure``; the exit code where the answer was printed already.
    func carryOut() async throws {
        guard !options.isDryRun else { return try await showPlan() }
        let ground = try await OperationGround.acting(options.crawl, timeout: options.waiting.timeout)
        defer { ground.close() }
        let answer = try await ground.read(names)
        try await ground.keepNewServers(of: answer)
        let planned = try await plan(on: ground, answer)
        let run = OperationRun(options: RunOptions(options), ground: ground)
        await ground.desk.prepare(planned.plan, in: planned.scene)
        let confirmed = try await run.confirm(planned) {
            // What was read before somebody thought about it may be true no more.
            try await plan(on: ground, try await ground.read(names))
        }
        let (reason, order) = (options.reason, RecoveryOrder(keeping: confirmed, on: ground))
        try await run.carryOut(confirmed) { desk, progress in
            try await desk.run(confirmed.plan, in: confirmed.scene, reason: reason, order: order, progress: progress)
        }
    }

    private func showPlan() async throws {
        let ground = try await OperationGround.planning(
            options.crawl, timeout: options.waiting.timeout, snapshot: options.snapshot)
        defer { ground.close() }
        let planned = try await plan(on: ground, try await ground.read(names, snapshot: options.snapshot))
        try options.output.print(lines: try planned.lines, json: try planned.json)
    }

    private func plan(on ground: OperationGround, _ answer: FleetAnswer) async throws -> PlannedOperation {
        if subjects == .living {
            try answer.failIfNothingAnswered()
        } else if !answer.canJudgeLoss {
            try answer.failIfNothingAnswered(hint: ClusterQuestion.noReplicaKnown)
        }
        try answer.failIfUnheardOf()
        let servers = try answer.servers.map { try answer.instance($0).address }
        let (fresh, scene) = try await ground.scene(answer, concerned: servers)
        let wanted = try wish(servers, fresh)
        switch ground.desk.plan(wanted, by: methods, in: scene) {
        case .plan(let plan, let verdict):
            let loss = plan.succession?.successor.flatMap {
                ground.desk.ranking(for: wanted, in: scene)?[$0]?.loss(by: verdict)
            }
            return PlannedOperation(
                plan: plan, verdict: verdict, answer: fresh, scene: scene, wish: wanted, loss: loss,
                swapInLimit: servers.first.flatMap { swapInLimit($0, fresh) })
        case .refused(let reasons):
            var looks: [TransactionLook] = []
            if let look, let server = servers.first { looks = try await look(server, reasons) }
            throw options.output.refusing(RefusedOperation(verb: wanted.verb, reasons: reasons, looks: looks))
        }
    }
}

extension RecoveryOrder {
    /// An operator's order for a plan that was confirmed, and how it is made anew.
    fileprivate init(keeping planned: PlannedOperation, on ground: OperationGround) {
        self.init(confirmed: planned.verdict)
        if let failed = planned.plan.succession?.failed,
            let failure = planned.answer.diagnosis.failures.failure(of: failed)
        {
            answer(failure)
        }
        guard case .recovery(let wish)? = planned.wish else { return }
        replan = { succession in
            let scene = try await ground.sceneAnew(planned.answer, around: succession.failed)
            return (ground.desk.plan(.recovery(wish.keeping(succession)), in: scene), scene)
        }
    }
}

extension FleetAnswer {
    /// Whether it can be told what a lost server leaves: somebody answers, or its replicas are known, and that none of them
    /// answers says more than that nobody does.
    fileprivate var canJudgeLoss: Bool {
        if hasAnswers { return true }
        guard let lost = servers.first?.address, fleet[lost]?.contact.isTurningAway != true else { return false }
        return !fleet.replicas(of: lost).isEmpty
    }
}

extension FormatOption {
    /// Says why something is refused, on the stream for it, and gives what ends the command.
    func refusing(_ refused: RefusedOperation) -> any Error {
        let code = CommandFailure.Code(refusing: refused.reasons)
        switch format {
        case .text:
            return CommandFailure(code, "\(refused.verb) is refused:\n" + refused.lines.joined(separator: "\n"))
        case .json:
            Answer.print(refused.json)
            return ExitCode(code.rawValue)
        }
    }
}

import ArgumentParser
import Engine
import Operations
import Refactoring
import Storage
import Topology

/// How something is done with an operation that was begun before.
struct DecisionOptions: CrawlingOptions {
    @Argument(help: "The operation's number.")
    var operation: Int64
    @Flag(name: .customLong("dry-run"), help: "Print the plan, and change nothing.")
    var isDryRun = false
    @Flag(name: [.customShort("y"), .customLong("yes")], help: "Carry the plan out without asking.")
    var isConfirmed = false
    @OptionGroup var confirming: ConfirmOption
    @Option(help: ArgumentHelp("Why, for the journal.", valueName: "text"))
    var reason = ""
    @OptionGroup var waiting: WaitingOption
    @OptionGroup var output: FormatOption
    @OptionGroup var global: GlobalOptions
    @OptionGroup(title: "Logging in") var access: AccessOptions
    @OptionGroup var store: StoreOptions
    @OptionGroup var crawling: CrawlLimit

    func validate() throws {
        if isDryRun, isConfirmed { throw ValidationError("--dry-run and --yes exclude each other") }
    }

    /// Plans on the servers of the operation, asks where that is needed, and runs.
    ///
    /// - Parameter plan: makes the plan of the operation and of what the rules look at now.
    fileprivate func carryOut(
        _ plan: (OperationGround, JournaledOperation, RuleScene) async throws -> PlanAnswer,
        _ body:
            @escaping @Sendable (
                OperationDesk, Plan, RuleScene, @escaping @Sendable (OperationEvent) -> Void
            ) async throws -> OperationReport
    ) async throws {
        let ground = try await OperationGround.acting(crawl, timeout: waiting.timeout, mentionsOpen: false)
        defer { ground.close() }
        let found = try await journaled(ground)
        let planned = try await planned(ground, found, plan)
        if isDryRun {
            try output.print(lines: try planned.lines, json: try planned.json)
            return
        }
        let run = OperationRun(
            options: RunOptions(isConfirmed: isConfirmed, confirmedRules: confirming.rules, output: output),
            ground: ground)
        let confirmed = try await run.confirm(planned) { try await self.planned(ground, found, plan) }
        try await run.carryOut(confirmed) { desk, progress in
            try await body(desk, confirmed.plan, confirmed.scene, progress)
        }
    }

    private func journaled(_ ground: OperationGround) async throws -> JournaledOperation {
        do throws(OperationError) {
            guard let found = try await ground.desk.operation(operation) else { throw .unknown(operation) }
            return found
        } catch {
            throw CommandFailure(error)
        }
    }

    private func planned(
        _ ground: OperationGround, _ found: JournaledOperation,
        _ plan: (OperationGround, JournaledOperation, RuleScene) async throws -> PlanAnswer
    ) async throws -> PlannedOperation {
        // The sources too, which stand in clusters that may be read-only.
        let servers = found.plan.concerned
        let answer = try await ground.read(servers.map { ServerArgument($0) })
        let (fresh, scene) = try await ground.scene(answer, concerned: servers)
        do {
            switch try await plan(ground, found, scene) {
            case .plan(let plan, let verdict):
                return PlannedOperation(plan: plan, verdict: verdict, answer: fresh, scene: scene)
            case .refused(let reasons):
                throw output.refusing(RefusedOperation(verb: "operation \(operation)", reasons: reasons))
            }
        } catch let error as OperationError {
            throw CommandFailure(error)
        }
    }
}

extension OperationsCommand {
    /// `baton operations undo`.
    struct Undo: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "undo",
            abstract: "Take back an operation that is done, as long as that is safe.",
            discussion: """
                Its steps are taken back where things are as it left them; otherwise a new plan leads to where everything \
                was, under the rules of now. Refused with the reason where neither is possible.
                """)

        @OptionGroup var options: DecisionOptions

        func run() async throws {
            let (id, reason, limit) = (options.operation, options.reason, options.waiting.limit)
            try await options.carryOut { ground, _, scene in
                try await ground.desk.planUndoing(id, in: scene, waitingAtMost: limit)
            } _: { desk, plan, scene, progress in
                try await desk.undo(id, by: plan, in: scene, reason: reason, progress: progress)
            }
        }
    }

    /// `baton operations resume`.
    struct Resume: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "resume",
            abstract: "Go on with an open operation.",
            discussion:
                "Steps that are done are left out; of one that was begun, the server is asked whether it is done.")

        @OptionGroup var options: DecisionOptions

        func run() async throws {
            let (id, reason, limit) = (options.operation, options.reason, options.waiting.limit)
            try await options.carryOut { ground, found, scene in
                try await ground.check(isOpen: found)
                return try await ground.desk.planResuming(id, in: scene, waitingAtMost: limit)
            } _: { desk, _, scene, progress in
                try await desk.resume(id, in: scene, reason: reason, waitingAtMost: limit, progress: progress)
            }
        }
    }

    /// `baton operations roll-back`.
    struct RollBack: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "roll-back",
            abstract: "Take back what an open operation has done, the last step first.")

        @OptionGroup var options: DecisionOptions

        func run() async throws {
            let (id, reason, limit) = (options.operation, options.reason, options.waiting.limit)
            try await options.carryOut { ground, found, scene in
                try await ground.check(isOpen: found)
                return try await ground.desk.planRollingBack(id, in: scene, waitingAtMost: limit)
            } _: { desk, plan, scene, progress in
                try await desk.rollBack(id, by: plan, in: scene, reason: reason, progress: progress)
            }
        }
    }
}

extension OperationGround {
    /// - Throws: ``OperationError`` where nobody has to decide about the operation.
    fileprivate func check(isOpen found: JournaledOperation) async throws {
        if try await desk.openOperations().contains(where: { $0.id == found.id }) { return }
        throw found.objectionToDeciding
    }
}

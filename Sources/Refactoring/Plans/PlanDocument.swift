import Topology

/// A plan as people and scripts read it: numbered steps with the exact statements for each server. What `--dry-run`
/// prints, as text and, by `Encodable`, as JSON.
public struct PlanDocument: Hashable, Sendable, Codable {
    public var intent: String
    public var verb: String
    public var method: String
    public var methodsRefused: [MethodRefusal]
    public var steps: [StepDocument]
    /// In which steps clients can't write, counted from 1; `nil` where they always can.
    public var writesBlocked: BlockDocument?

    /// From the step in which writes are forbidden to the one in which they are allowed on another server.
    public struct BlockDocument: Hashable, Sendable, Codable {
        public var from: Int
        public var to: Int
    }

    /// One step.
    public struct StepDocument: Hashable, Sendable, Codable {
        /// Counted from 1.
        public var number: Int
        /// Counted from 1; steps of one stage run at once.
        public var stage: Int
        public var server: InstanceAddress
        public var purpose: String
        /// What is checked just before.
        public var checks: [String]
        /// What runs, word for word; what an earlier step has yet to find out, and secrets, stand in angle brackets.
        public var statements: [String]
        /// What is read for later steps.
        public var observes: [String]
        /// What shows that it is done.
        public var proof: [String]
        public var timeLimitSeconds: Double
        /// What it may have to wait for.
        public var waitsFor: String?
        /// The statements that take it back.
        public var undo: [String]
    }

    /// Writes a plan down in the dialects of the fleet's servers, or of those that it was made for.
    ///
    /// - Throws: ``UnsayableStep`` where a server has no words for what it is to do.
    public init(_ plan: Plan, on fleet: Fleet) throws(UnsayableStep) {
        intent = plan.intent
        verb = plan.verb
        method = plan.method
        methodsRefused = plan.methodsRefused
        steps = []
        writesBlocked = plan.writeBlock.map { BlockDocument(from: $0.first + 1, to: $0.last + 1) }
        for (index, step) in plan.steps.enumerated() {
            let version =
                fleet[step.instance]?.facts?.version
                ?? ServerVersion(parsing: plan.versions[step.instance] ?? "8.4.0")
            do throws(CommandError) {
                steps.append(try StepDocument(step, number: index + 1, CommandDialect(version)))
            } catch {
                throw UnsayableStep(
                    instance: step.instance, number: index + 1, purpose: step.purpose, cause: error)
            }
        }
    }
}

extension PlanDocument.StepDocument {
    init(_ step: Step, number: Int, _ dialect: CommandDialect) throws(CommandError) {
        self.number = number
        stage = step.stage + 1
        server = step.instance
        purpose = step.purpose
        checks = step.preconditions.map(\.description)
        statements = try Self.texts(step.commands, dialect)
        observes = step.observes.map(\.description)
        proof = step.proof.map(\.description)
        let (seconds, attoseconds) = step.timeLimit.components
        timeLimitSeconds = Double(seconds) + Double(attoseconds) / 1e18
        waitsFor = step.waitsFor
        undo = try Self.texts(step.inverse, dialect)
    }

    private static func texts(_ commands: [Command], _ dialect: CommandDialect) throws(CommandError) -> [String] {
        var texts: [String] = []
        for command in commands {
            let statements = try dialect.statements(for: command)
            texts += statements.map(\.text)
            switch statements.last?.answer {
            case .sessions: texts.append("KILL <each of these>")
            case .events: texts.append("ALTER DEFINER = <its definer> EVENT <each of these> ENABLE")
            default: break
            }
        }
        return texts
    }
}

extension PlanDocument {
    /// The plan as text, a line a statement.
    public var text: String {
        var lines = [intent]
        if method != "-" { lines.append("  method: \(method)") }
        lines += methodsRefused.map { "  not by \($0.method): \($0.reason)" }
        if let block = writesBlocked {
            lines.append("  writes are blocked from step \(block.from) to step \(block.to)")
        }
        for step in steps { lines += self.lines(of: step) }
        return lines.joined(separator: "\n") + "\n"
    }

    private func lines(of step: StepDocument) -> [String] {
        let others = steps.filter { $0.stage == step.stage && $0.number != step.number }.map { "\($0.number)" }
        let beside = others.isEmpty ? "" : " (at once with \(others.joined(separator: ", ")))"
        var lines = ["\(step.number). \(step.server): \(step.purpose)\(beside)"]
        lines += step.statements.map { "     \($0);" }
        lines += step.observes.map { "     read \($0)" }
        if !step.proof.isEmpty { lines.append("   until it \(step.proof.joined(separator: ", "))") }
        let limit = step.timeLimitSeconds
        let seconds = limit == limit.rounded() ? "\(Int(limit))" : "\(limit)"
        lines.append("   within \(seconds) s\(step.waitsFor.map { "; waits for \($0)" } ?? "")")
        if !step.undo.isEmpty { lines.append("   undone by \(step.undo.joined(separator: "; "))") }
        return lines
    }
}

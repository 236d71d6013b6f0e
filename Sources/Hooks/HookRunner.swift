import Foundation
import Subprocess
import SystemPackage

/// Runs hooks.
public struct HookRunner: Sendable {
    /// What is kept of what a hook puts out, in bytes.
    static let mostOutput = 16 << 10
    /// How long a hook that takes too long has to end by itself after it was asked to.
    private static let lastWords = Duration.seconds(1)

    /// What is run on which occasion.
    public let hooks: Hooks

    /// Makes a runner.
    public init(_ hooks: Hooks) {
        self.hooks = hooks
    }

    /// Runs the hooks of an occasion, one after the other, to the first that fails where a failure counts.
    ///
    /// - Parameters:
    ///   - began: is told each command before it runs.
    ///   - ended: is told what became of it.
    public func run(
        _ occasion: HookOccasion, _ facts: HookFacts, began: @Sendable (String) -> Void = { _ in },
        ended: @Sendable (HookResult) -> Void = { _ in }
    ) async -> [HookResult] {
        var results: [HookResult] = []
        for template in hooks[occasion] {
            began(template)
            defer { if let last = results.last { ended(last) } }
            let result = await run(template, occasion, facts)
            results.append(result)
            if result.isFailure, occasion.failureAborts { break }
        }
        return results
    }

    private func run(_ template: String, _ occasion: HookOccasion, _ facts: HookFacts) async -> HookResult {
        let command: HookCommand
        do throws(HookCommand.Refusal) {
            command = try HookCommand(template, facts)
        } catch {
            return HookResult(
                occasion: occasion.rawValue, command: template, ending: .notRun(error.description), output: "",
                seconds: 0)
        }
        guard command.isAsynchronous else { return await run(command, template, occasion, facts) }
        // It lives on where baton ends, and what it puts out nobody reads.
        let result = await run(command.detached, template, occasion, facts)
        guard result.ending == .succeeded else { return result }
        return HookResult(
            occasion: occasion.rawValue, command: template, ending: .started, output: "", seconds: 0)
    }

    private func run(
        _ command: HookCommand, _ template: String, _ occasion: HookOccasion, _ facts: HookFacts
    ) async -> HookResult {
        let began = ContinuousClock.now
        // A file and no pipe: what a hook leaves running may keep that open for ever.
        let path = FileManager.default.temporaryDirectory.appending(path: "baton-hook-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let ending = await end(of: command, facts, output: path)
        let bytes = FileHandle(forReadingAtPath: path).flatMap { try? $0.read(upToCount: Self.mostOutput) } ?? Data()
        let took = ContinuousClock.now - began
        return HookResult(
            occasion: occasion.rawValue, command: template, ending: ending,
            output: String(decoding: bytes, as: UTF8.self),
            seconds: Double(took.components.seconds) + Double(took.components.attoseconds) / 1e18)
    }

    /// Runs it to its end or to the limit, whichever comes first.
    private func end(of command: HookCommand, _ facts: HookFacts, output: String) async -> HookResult.Ending {
        await withTaskGroup(of: HookResult.Ending?.self) { group in
            group.addTask { await run(command, facts, output: output) }
            group.addTask { [limit = hooks.limit] in
                try? await Task.sleep(for: limit)
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            if let first { return first }
            await group.waitForAll()
            return .tookTooLong(
                seconds: Double(hooks.limit.components.seconds)
                    + Double(hooks.limit.components.attoseconds) / 1e18)
        }
    }

    private func run(
        _ command: HookCommand, _ facts: HookFacts, output: String
    ) async -> HookResult.Ending {
        var options = PlatformOptions()
        // Its children belong to it, and end with it.
        options.createSession = true
        options.teardownSequence = [.gracefulShutDown(toProcessGroup: true, allowedDurationToNextStep: Self.lastWords)]
        var updates: [Environment.Key: String?] = [:]
        for name in hooks.withheldVariables { updates[Environment.Key(stringLiteral: name)] = .some(nil) }
        for (name, value) in facts.environment { updates[Environment.Key(stringLiteral: name)] = value }
        do {
            let file = try FileDescriptor.open(
                FilePath(output), .writeOnly, options: [.create, .exclusiveCreate, .append],
                permissions: .ownerReadWrite)
            let result = try await Subprocess.run(
                .name("bash"), arguments: Arguments(command.arguments), environment: .inherit.updating(updates),
                platformOptions: options, output: .fileDescriptor(file, closeAfterSpawningProcess: true),
                error: .combinedWithOutput)
            return switch result.terminationStatus {
            case .exited(0): .succeeded
            case .exited(let code): .failed(code: code)
            case .signaled(let signal): .killed(signal: signal)
            }
        } catch {
            return .notRun("\(error)")
        }
    }
}

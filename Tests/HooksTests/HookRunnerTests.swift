import Foundation
import TestSupport
import Testing
import Topology

@testable import Hooks

@Suite("Running hooks", .timeLimit(.minutes(1)))
struct HookRunnerTests {
    private func run(
        _ occasion: HookOccasion, _ commands: [String], limit: Duration = .seconds(20), _ facts: HookFacts? = nil
    ) async -> [HookResult] {
        await HookRunner(Hooks([occasion: commands], limit: limit)).run(occasion, facts ?? HookFacts(failed: "db1"))
    }

    @Test("they run in their order, with what they need in the environment")
    func order() async {
        let results = await run(.postFailover, ["echo one; echo two >&2", "echo $ORC_FAILED_HOST $BATON_FAILED_PORT"])
        #expect(results.map(\.ending) == [.succeeded, .succeeded])
        #expect(results.map(\.output) == ["one\ntwo\n", "db1 3306\n"])
        #expect(results.allSatisfy { $0.occasion == "post-failover" && $0.seconds > 0 })
    }

    @Test("the first failure before a recovery ends them, after it all run", arguments: HookOccasion.allCases)
    func failure(occasion: HookOccasion) async {
        let results = await run(occasion, ["exit 3", "echo more"])
        #expect(results.first?.ending == .failed(code: 3))
        #expect(results.count == (occasion.failureAborts ? 1 : 2))
        #expect(occasion.failureAborts == [.preFailover, .fence, .preSwitchover].contains(occasion))
    }

    @Test("one that takes too long is ended with all that it has started")
    func limit() async throws {
        let mark = FileManager.default.temporaryDirectory.path + "/baton-hook-mark-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: mark) }
        let results = await run(
            .fence, ["sleep 300 & echo $! > \(mark); echo begun; wait"], limit: .milliseconds(700))
        guard case .tookTooLong = results.first?.ending else {
            Issue.record("\(results)")
            return
        }
        #expect(results.first?.output == "begun\n")
        let child = try #require(pid_t(String(contentsOfFile: mark, encoding: .utf8).trimmingCharacters(in: .newlines)))
        try await eventually("its child has ended") { kill(child, 0) != 0 }
    }

    @Test("nobody waits for what it leaves running, or for one with an ampersand")
    func asynchronous() async throws {
        let mark = FileManager.default.temporaryDirectory.path + "/baton-hook-mark-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: mark) }
        let results = await run(.postFailover, ["until test -e \(mark); do sleep 0.1; done; rm \(mark); exit 1 &"])
        #expect(results.map(\.ending) == [.started])
        #expect(FileManager.default.createFile(atPath: mark, contents: nil))
        try await eventually("it goes on by itself") { !FileManager.default.fileExists(atPath: mark) }
    }

    @Test("one with an ampersand that cannot be begun is no success")
    func notBegun() async {
        var facts = HookFacts(failed: "db1")
        facts.clusterAlias = "$(touch /tmp/owned)"
        let results = await run(.postFailover, ["echo {failureClusterAlias} &"], facts)
        guard case .notRun = results.first?.ending else {
            Issue.record("\(results)")
            return
        }
    }

    @Test("variables that hold passwords are not handed on")
    func withheld() async {
        setenv("BATON_HOOK_TEST_PASSWORD", "secret", 1)
        defer { unsetenv("BATON_HOOK_TEST_PASSWORD") }
        var hooks = Hooks([.postFailover: ["echo ${BATON_HOOK_TEST_PASSWORD-none} ${PATH:+path}"]])
        hooks.withheldVariables = ["BATON_HOOK_TEST_PASSWORD"]
        let results = await HookRunner(hooks).run(.postFailover, HookFacts(failed: "db1"))
        #expect(results.map(\.output) == ["none path\n"])
    }

    @Test("of what it puts out only the beginning is kept")
    func output() async {
        let results = await run(.postFailover, ["head -c 100000 /dev/zero | tr '\\0' x"])
        #expect(results.first?.ending == .succeeded)
        #expect(results.first?.output.utf8.count == HookRunner.mostOutput)
    }

    @Test("one whose text would hold what is not safe is not run, which counts as a failure")
    func refused() async {
        var facts = HookFacts(failed: "db1")
        facts.clusterAlias = "$(touch /tmp/owned)"
        let results = await run(.preFailover, ["echo {failureClusterAlias}", "echo more"], facts)
        guard case .notRun(let reason) = results.first?.ending else {
            Issue.record("\(results)")
            return
        }
        #expect(reason.contains("$BATON_FAILURE_CLUSTER_ALIAS"))
        #expect(results.count == 1)
    }
}

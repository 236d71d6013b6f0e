import Testing

@Suite("A remedy of several statements, as text")
struct RemedyTextTests {
    private let statements = ["GRANT PROCESS ON *.* TO 'w'@'%';", "GRANT REPLICATION CLIENT ON *.* TO 'w'@'%';"]

    private func lines(_ command: String...) async throws -> [String] {
        let sandbox = try Sandbox()
        let file = try sandbox.write(
            """
            {"baton-snapshot": 1, "instances": [{"address": "db1", "unavailable": [
              {"fact": "replicas", "code": 1227, "message": "denied",
               "remedy": "\(statements.joined(separator: " ").dropLast())"}]}]}
            """, to: "fleet.json")
        let run = try await sandbox.baton(command + ["--snapshot", file])
        #expect(run.code == 0, "\(run)")
        return run.lines
    }

    @Test("has one statement a line in problems, below each other")
    func problems() async throws {
        let lines = try await lines("problems")
        let lead = "    to mend it: "
        let first = try #require(lines.firstIndex { $0.hasPrefix(lead) })
        #expect(lines[first] == lead + statements[0])
        try #require(lines.count > first + 1)
        #expect(lines[first + 1] == String(repeating: " ", count: lead.count) + statements[1])
    }

    @Test("has one statement a line in instance, below each other")
    func instance() async throws {
        let lines = try await lines("instance", "db1")
        let first = try #require(lines.firstIndex { $0.hasSuffix(statements[0]) })
        try #require(lines.count > first + 1)
        let indent = lines[first].count - statements[0].count
        #expect(lines[first + 1] == String(repeating: " ", count: indent) + statements[1], "\(lines)")
    }
}

import Testing

@Suite("The configuration on the command line")
struct ConfigurationAnswerTests {
    @Test("is shown with what is in force, and what is shown is right")
    func show() async throws {
        let sandbox = try Sandbox()
        let file = try sandbox.write("[discovery]\npoll-interval = \"2s\"\n", to: "config/baton/baton.toml")
        let shown = try await sandbox.baton("config")
        #expect(shown.code == 0 && shown.lines.first == "# from \(file)", "\(shown)")
        #expect(shown.lines.contains("poll-interval = \"2s\"") && shown.lines.contains("connect-timeout = \"2s\""))
        let copy = try sandbox.write(shown.output, to: "copy.toml")
        #expect(try await sandbox.baton("config", "check", copy).output == "\(copy) is right\n")
        #expect(
            try await sandbox.baton("config", "show", "--config", copy).lines.dropFirst() == shown.lines.dropFirst())
        let places = try await sandbox.baton("config", "path").lines
        #expect(places == ["\(file)  (read)", "/etc/baton/baton.toml"])
    }

    @Test("is not needed")
    func defaults() async throws {
        let sandbox = try Sandbox()
        let shown = try await sandbox.baton("config", "show")
        #expect(shown.code == 0 && shown.lines.first == "# defaults: no configuration file", "\(shown)")
        let checked = try await sandbox.baton("config", "check")
        #expect(checked.code == 0 && checked.output.contains(sandbox.path("config/baton/baton.toml")), "\(checked)")
    }
}

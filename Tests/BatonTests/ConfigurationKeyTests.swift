import Foundation
import Settings
import TestSupport
import Testing

@testable import baton

@Suite("Every key of the configuration")
struct ConfigurationKeyTests {
    @Test("has a sample, and every sample a key")
    func samples() {
        #expect(Set(ConfigurationKey.all.map(\.path)) == Set(ConfigurationSamples.all.keys))
        #expect(ConfigurationKey.all.count == Set(ConfigurationKey.all.map(\.path)).count)
    }

    @Test("is read, changes what is in force, and is shown again", arguments: ConfigurationKey.all.map(\.path))
    func reading(_ path: String) throws {
        let key = try #require(ConfigurationKey.all.first { $0.path == path })
        let sample = try #require(ConfigurationSamples.all[path])
        let defaults = try read("")
        let configuration = try read(file(key, "\(sample.companion)\n\(key.name) = \(sample.value)"))
        #expect(configuration != defaults)
        #expect(key.show(configuration)?.toml == sample.shown)
        #expect(key.show(defaults)?.toml != sample.shown)
        if !sample.companion.isEmpty { #expect(try read(file(key, sample.companion)) != configuration) }
    }

    @Test("refuses a value of the wrong type, with its line and its name", arguments: ConfigurationKey.all.map(\.path))
    func wrongType(_ path: String) throws {
        let key = try #require(ConfigurationKey.all.first { $0.path == path })
        let companion = ConfigurationSamples.all[path]?.companion ?? ""
        // No key takes a date.
        let text = file(key, "\(companion)\n\(key.name) = 1979-05-27")
        let line = text.split(separator: "\n", omittingEmptySubsequences: false).count
        let error = #expect(throws: SettingsError.self) { try read(text) }
        let problems = try #require(error).problems
        #expect(problems.map(\.key) == [path])
        #expect(problems.first?.line == line)
    }

    @Test("when it is misspelt, is refused with the name that was meant", arguments: ConfigurationKey.all.map(\.path))
    func misspelt(_ path: String) throws {
        let key = try #require(ConfigurationKey.all.first { $0.path == path })
        let sample = try #require(ConfigurationSamples.all[path])
        let error = #expect(throws: SettingsError.self) {
            try read(file(key, "\(sample.companion)\n\(key.name)x = \(sample.value)"))
        }
        let problems = try #require(error).problems
        #expect(problems.map(\.key) == [path + "x"])
        #expect(problems.first?.reason == #"unknown key (did you mean "\#(key.name)"?)"#)
    }

    @Test("says in the reference what it means", arguments: ConfigurationKey.all.map(\.path))
    func reference(_ path: String) throws {
        let key = try #require(ConfigurationKey.all.first { $0.path == path })
        #expect(key.meaning.hasSuffix("."))
        #expect(!key.meaning.contains("|") && !key.kind.contains("|"), "a bar would end the table's cell")
        #expect(ConfigurationText.reference().contains("| `\(key.name)` | \(key.kind) |"))
    }

    @Test("stands in docs/configuration.md as the program prints it")
    func documentation() throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../docs/configuration.md").standardizedFileURL
        try Golden.check(ConfigurationText.reference(), file: file)
    }

    private func file(_ key: ConfigurationKey, _ lines: String) -> String {
        let lines = lines.hasPrefix("\n") ? String(lines.dropFirst()) : lines
        return key.section.isEmpty ? lines : "[\(key.section)]\n\(lines)"
    }

    private func read(_ text: String) throws -> Configuration {
        try Configuration(SettingsFile(text: text, path: "baton.toml"))
    }
}

import Foundation
import Storage
import Subprocess
import SystemPackage
import TestSupport

/// The real program with folders of its own for everything that it reads and writes at home.
final class Sandbox: Sendable {
    /// What a run came to.
    struct Run: CustomStringConvertible {
        let status: TerminationStatus
        /// Standard output.
        let output: String
        /// Standard error.
        let errors: String

        /// The exit code; `nil` where a signal ended the program.
        var code: Int32? {
            if case .exited(let code) = status { code } else { nil }
        }

        var lines: [String] { output.split(separator: "\n").map(String.init) }

        /// The output as JSON.
        ///
        /// - Throws: `DocumentError` where it is none.
        var json: JSON {
            get throws { try JSON(parsing: Array(output.utf8)) }
        }

        var description: String { "\(status)\n\(output)\n--- errors\n\(errors)" }
    }

    let home: String

    init() throws {
        home = FileManager.default.temporaryDirectory.appending(path: "baton-cli-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: home)
    }

    /// The path of a file in it.
    func path(_ name: String) -> String { home + "/" + name }

    /// Writes a file and gives its path.
    func write(_ text: String, to name: String) throws -> String {
        let path = path(name)
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        return path
    }

    var storePath: String { path("state/baton/baton.db") }

    var environment: Environment {
        .inherit.updating([
            "HOME": home, "XDG_STATE_HOME": home + "/state", "XDG_CONFIG_HOME": home + "/config", "COLUMNS": "80",
            "LC_ALL": "C.UTF-8", "MYSQL_PWD": nil, "MYSQL_GROUP_SUFFIX": nil, "NO_COLOR": nil,
        ])
    }

    /// A session of its own, so that there is no terminal to ask on, wherever the tests run.
    static var detached: PlatformOptions {
        var options = PlatformOptions()
        options.createSession = true
        return options
    }

    static var program: Executable {
        get throws {
            guard let path = BuiltProduct.path(of: "baton") else { throw CocoaError(.fileNoSuchFile) }
            return .path(FilePath(path))
        }
    }

    /// Runs `baton` to its end.
    func baton(_ arguments: [String], environment variables: [String: String] = [:]) async throws -> Run {
        try await run(Self.program, arguments, variables)
    }

    /// Runs `baton` to its end.
    func baton(_ arguments: String...) async throws -> Run { try await baton(arguments) }

    /// Runs a line of a shell, in which `$BATON` is the program.
    func shell(_ line: String) async throws -> Run {
        try await run(.name("bash"), ["-c", line], ["BATON": BuiltProduct.path(of: "baton") ?? ""])
    }

    private func run(
        _ program: Executable, _ arguments: [String], _ variables: [String: String]
    ) async throws -> Run {
        var updates: [Environment.Key: String?] = [:]
        for (name, value) in variables { updates[Environment.Key(stringLiteral: name)] = value }
        let result = try await Subprocess.run(
            program, arguments: Arguments(arguments), environment: environment.updating(updates),
            platformOptions: Self.detached, output: .string(limit: 4 << 20), error: .string(limit: 1 << 20))
        return Run(status: result.terminationStatus, output: result.standardOutput, errors: result.standardError)
    }
}

extension JSON {
    /// The elements, where this is a list.
    var elements: [JSON] {
        if case .array(let elements) = content { elements } else { [] }
    }

    /// The text, where this is one.
    var text: String? {
        if case .string(let text) = content { text } else { nil }
    }

    /// The number as it is written, where this is one.
    var number: String? {
        if case .number(let number) = content { number } else { nil }
    }

    /// Yes or no, where this is either.
    var flag: Bool? {
        if case .bool(let flag) = content { flag } else { nil }
    }

    /// The keys, where this is an object, in their order.
    var keys: [String] {
        if case .object(let members) = content { members.map(\.key) } else { [] }
    }

    var isNull: Bool { content == .null }
}

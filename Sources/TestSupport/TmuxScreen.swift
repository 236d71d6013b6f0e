import Subprocess
import TerminalKit

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A real terminal for tests: a program run in a tmux server of its own, with keys going in and the picture coming out.
///
///     let screen = try await TmuxScreen.start(["/path/baton", "--snapshot", file], size: GridSize(width: 80, height:
/// 24))
///     try await screen.waits { $0.contains("shop") }
///     try await screen.press("Down", "Enter")
///     await screen.stop()
///
/// Always call ``stop()``: the server would live on without it.
public struct TmuxScreen: Sendable {
    /// What went wrong, with the picture at that time.
    public struct Failure: Error, CustomStringConvertible {
        /// The sentence, then the screen.
        public var description: String
    }

    /// The folder of the server's socket and configuration.
    private let folder: String
    /// The process id of the tmux server.
    public let server: Int32

    private var socket: String { folder + "/socket" }

    /// Starts `command` in a terminal of `size`.
    ///
    /// - Parameters:
    ///   - environment: variables for the program, on top of this process's; `LC_ALL` is C.UTF-8 unless given.
    ///   - terminal: what the program finds as `TERM`.
    ///   - shell: starts the command by way of an interactive shell, which stays when it ends and can stop and
    /// continue it.
    public static func start(
        _ command: [String], size: GridSize = GridSize(width: 80, height: 24), environment: [String: String] = [:],
        terminal: String = "tmux-256color", shell: Bool = false
    ) async throws -> TmuxScreen {
        let folder = try makeFolder()
        // Not window-size: tmux 3.3a crashes at new-session with "manual", and resize-window sets it anyway.
        let configuration = """
            set -g default-terminal \(terminal)
            set -g escape-time 0
            set -g status off
            set -g remain-on-exit on
            set -g exit-empty off
            """
        guard let file = fopen(folder + "/conf", "w") else { throw Failure(description: "cannot write \(folder)/conf") }
        fputs(configuration, file)
        fclose(file)
        var variables = environment
        if variables["LC_ALL"] == nil { variables["LC_ALL"] = "C.UTF-8" }
        // Whoever runs the tests may have asked for no colours.
        if variables["NO_COLOR"] == nil { variables["NO_COLOR"] = "" }
        var arguments = ["-f", folder + "/conf", "new-session", "-d", "-x", "\(size.width)", "-y", "\(size.height)"]
        for (name, value) in variables.sorted(by: { $0.key < $1.key }) { arguments += ["-e", "\(name)=\(value)"] }
        arguments += shell ? ["sh", "-i"] : command
        _ = try await tmux(arguments, socket: folder + "/socket")
        let answer = try await tmux(["display-message", "-p", "#{pid}"], socket: folder + "/socket")
        guard let server = Int32(answer.trimmed) else {
            throw Failure(description: "tmux has no process id: \(answer)")
        }
        let screen = TmuxScreen(folder: folder, server: server)
        if shell {
            let line = command.map { "'\($0)'" }.joined(separator: " ")
            try await screen.type(line)
            try await screen.press("Enter")
        }
        return screen
    }

    /// The process id of the program (or of the shell it was started by).
    public func processID() async throws -> Int32 {
        let answer = try await tmux(["display-message", "-p", "#{pane_pid}"])
        guard let process = Int32(answer.trimmed) else { throw Failure(description: "no process id: \(answer)") }
        return process
    }

    /// Presses keys by tmux's names: `Up`, `Enter`, `Escape`, `C-c`, `M-x`, `j`.
    public func press(_ keys: String...) async throws {
        _ = try await tmux(["send-keys"] + keys)
    }

    /// Types `text` as it is.
    public func type(_ text: String) async throws {
        _ = try await tmux(["send-keys", "-l", text])
    }

    /// Pastes `text`, with the marks of a bracketed paste when the program asked for them.
    public func paste(_ text: String) async throws {
        _ = try await tmux(["set-buffer", text])
        _ = try await tmux(["paste-buffer", "-p", "-r"])
    }

    /// Gives the screen another size.
    public func resize(_ size: GridSize) async throws {
        _ = try await tmux(["resize-window", "-x", "\(size.width)", "-y", "\(size.height)"])
    }

    /// The picture now, as plain text; blanks at the ends of rows are left out.
    public func text() async throws -> String {
        try await tmux(["capture-pane", "-p"])
    }

    /// The picture now with the escape sequences of its styles.
    public func styledText() async throws -> String {
        try await tmux(["capture-pane", "-p", "-e"])
    }

    /// The cell of the cursor; nil while it is hidden.
    public func cursor() async throws -> GridPoint? {
        let answer = try await tmux(["display-message", "-p", "#{cursor_flag} #{cursor_x} #{cursor_y}"])
        let numbers = answer.trimmed.split(separator: " ").compactMap { Int($0) }
        guard numbers.count == 3, numbers[0] == 1 else { return nil }
        return GridPoint(x: numbers[1], y: numbers[2])
    }

    /// The exit status of the program, or nil while it runs. Death by a signal counts as 128 and the signal's number.
    public func exitStatus() async throws -> Int? {
        let format = "#{pane_dead} #{pane_dead_status} #{pane_dead_signal}"
        let answer = try await tmux(["display-message", "-p", format])
        let numbers = answer.trimmed.split(separator: " ", omittingEmptySubsequences: false).map { Int($0) }
        guard numbers.first == 1 else { return nil }
        if let status = numbers.count > 1 ? numbers[1] : nil { return status }
        return numbers.count > 2 ? numbers[2].map { 128 + $0 } : nil
    }

    /// Waits until the picture satisfies `predicate`.
    ///
    /// - Returns: that picture.
    /// - Throws: ``Failure`` with the last picture when it never did within `limit`.
    @discardableResult
    public func waits(
        within limit: Duration = .seconds(15), for what: String = "the expected picture",
        until predicate: (String) throws -> Bool
    ) async throws -> String {
        var picture = ""
        do {
            try await eventually(within: limit, what) {
                picture = try await text()
                return try predicate(picture)
            }
        } catch let failure as DeadlineExceeded {
            throw Failure(description: "\(failure). The screen:\n\(picture)")
        }
        return picture
    }

    /// Ends the server with SIGKILL, as when a connection breaks off: the program's terminal is gone at once.
    public func breakOff() {
        _ = kill(server, SIGKILL)
    }

    /// Ends the server and the program in it, and removes the folder.
    public func stop() async {
        _ = try? await tmux(["kill-server"])
        for name in ["socket", "conf"] { unlink(folder + "/" + name) }
        rmdir(folder)
    }

    private func tmux(_ arguments: [String]) async throws -> String {
        try await TmuxScreen.tmux(arguments, socket: socket)
    }

    private static func tmux(_ arguments: [String], socket: String) async throws -> String {
        let result = try await run(
            .name("tmux"), arguments: Arguments(["-u", "-S", socket] + arguments), output: .string(limit: 1 << 22),
            error: .string(limit: 1 << 16))
        guard result.terminationStatus.isSuccess else {
            throw Failure(description: "tmux \(arguments.joined(separator: " ")): \(result.standardError)")
        }
        return result.standardOutput
    }

    private static func makeFolder() throws -> String {
        var template = Array("/tmp/baton-tmux-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Failure(description: "cannot make a folder in /tmp") }
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

extension String {
    fileprivate var trimmed: String {
        var text = self[...]
        while let last = text.last, last.isWhitespace { text.removeLast() }
        while let first = text.first, first.isWhitespace { text.removeFirst() }
        return String(text)
    }
}

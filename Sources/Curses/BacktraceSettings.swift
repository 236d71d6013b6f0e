import Glibc
import Settings

/// How the Swift runtime reports a crash of a full-screen program.
public enum BacktraceSettings {
    /// Sees to it that a crash report goes to a file in `folder` instead of to the screen, and that it asks nothing.
    ///
    /// By default the runtime prints a long report over the picture and then waits 30 s for a key, on a terminal in
    /// raw mode; users take
    /// that for a hang. It reads `SWIFT_BACKTRACE` only when the process starts, so this sets the variable and starts
    /// the
    /// program once more in the same process. Call it first thing in `main`, when the console is about to run; it
    /// returns when there is
    /// nothing to do: input is not a terminal, the variable is set already, or the program cannot be started again.
    ///
    /// - Parameter folder: must exist; reports are named by the runtime.
    public static func prepare(reportFolder folder: String) {
        guard isatty(STDIN_FILENO) == 1, getenv("SWIFT_BACKTRACE") == nil else { return }
        // A comma or a blank would end the value.
        guard !folder.contains(","), !folder.contains(" "), let program = SharedFolders.executablePath() else { return }
        setenv("SWIFT_BACKTRACE", "interactive=no,color=no,output-to=\(folder)/crash.log", 1)
        execv(program, CommandLine.unsafeArgv)
    }
}

import Topology

/// What became of a hook.
public struct HookResult: Hashable, Sendable, Codable {
    /// How it ended.
    public enum Ending: Hashable, Sendable, Codable {
        case succeeded
        /// With another exit code than 0.
        case failed(code: Int32)
        /// By a signal.
        case killed(signal: Int32)
        /// It was ended because it took too long.
        case tookTooLong(seconds: Double)
        /// It could not be run, and why.
        case notRun(String)
        /// Nobody waits for it.
        case started
    }

    /// The occasion's key.
    public var occasion: String
    /// As it is configured.
    public var command: String
    public var ending: Ending
    /// The beginning of what it put out, both streams together.
    public var output: String
    /// How long it took.
    public var seconds: Double

    /// What became of one.
    public init(occasion: String, command: String, ending: Ending, output: String, seconds: Double) {
        self.occasion = occasion
        self.command = command
        self.ending = ending
        self.output = output
        self.seconds = seconds
    }

    /// Whether it kept something from happening, were it asked.
    public var isFailure: Bool {
        switch ending {
        case .succeeded, .started: false
        case .failed, .killed, .tookTooLong, .notRun: true
        }
    }

    /// A sentence without its full stop.
    public var words: String { "hook \(occasion) \(endingWords): \(command)" }

    /// How it ended, for a sentence about it.
    public var endingWords: String {
        switch ending {
        case .succeeded: "done"
        case .failed(let code): "failed with exit code \(code)"
        case .killed(let signal): "was killed by signal \(signal)"
        case .tookTooLong(let seconds): "was ended after \(seconds) s"
        case .notRun(let reason): "was not run: \(reason)"
        case .started: "started"
        }
    }
}

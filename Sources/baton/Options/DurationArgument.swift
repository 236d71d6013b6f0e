import ArgumentParser
import Settings

/// A length of time on the command line, in the words of the configuration file.
struct DurationArgument: CustomStringConvertible {
    let duration: Duration

    init(duration: Duration) {
        self.duration = duration
    }

    /// Reads `500ms`, `10s`, `1h30m`, `7d`, or a number of seconds.
    ///
    /// - Throws: `ValidationError` with what would be right.
    init(parsing text: String) throws {
        guard let duration = DurationText.parse(text), duration > .zero else {
            throw ValidationError("write a length of time such as 500ms, 10s, 1h30m or 7d")
        }
        self.duration = duration
    }

    var description: String { DurationText.print(duration) }
}

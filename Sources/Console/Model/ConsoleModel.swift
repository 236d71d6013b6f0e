import TerminalKit
import Topology

/// What every screen draws from: what is known of the fleet, the moment, and the settings.
struct ConsoleModel: Sendable {
    var known = KnownFleet()
    /// The moment that ages are counted to: the present, or that of a snapshot or of a picture held still.
    var now = Timestamp(seconds: 0)
    /// The present.
    var wallTime = Timestamp(seconds: 0)
    var clock = ClockWords()
    var size: GridSize
    var keymap: Keymap
    /// Since when the picture is held still, `nil` while it moves.
    var pausedSince: Timestamp?

    /// The rows between the title line above and the event line and hints below.
    var body: GridRect {
        GridRect(x: 0, y: 1, width: size.width, height: max(0, size.height - 3))
    }
}

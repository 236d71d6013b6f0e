import Console
import Foundation
import Topology

extension ClockWords {
    /// The clock of the time zone in which this process runs, with the offset that held at a moment.
    static func ofThisPlace(at moment: Timestamp) -> ClockWords {
        var seconds = time_t(moment.microseconds / 1_000_000)
        var parts = tm()
        guard localtime_r(&seconds, &parts) != nil else { return ClockWords() }
        return ClockWords(offset: Int64(parts.tm_gmtoff))
    }
}

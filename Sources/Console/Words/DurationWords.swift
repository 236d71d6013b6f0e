import Topology

extension Duration {
    /// The duration as an operator reads it at a glance: two units at most, the smaller one without leading zeros.
    ///
    /// `0 s`, `42 s`, `3 min 12 s`, `2 h 5 min`, `4 d 3 h`; negative durations read as `0 s`, because a clock that was
    /// set back must not show as an age below nothing.
    public var words: String {
        let seconds = max(0, components.seconds)
        switch seconds {
        case ..<120: return "\(seconds) s"
        case ..<7200: return Self.join(seconds / 60, "min", seconds % 60, "s")
        case ..<172_800: return Self.join(seconds / 3600, "h", seconds % 3600 / 60, "min")
        default: return Self.join(seconds / 86400, "d", seconds % 86400 / 3600, "h")
        }
    }

    /// The largest unit only, for narrow columns: `42 s`, `3 min`, `2 h`, `4 d`.
    var shortWords: String {
        let seconds = max(0, components.seconds)
        switch seconds {
        case ..<120: return "\(seconds) s"
        case ..<7200: return "\(seconds / 60) min"
        case ..<172_800: return "\(seconds / 3600) h"
        default: return "\(seconds / 86400) d"
        }
    }

    /// Seconds with one decimal, for intervals: `1.0 s`.
    var tenths: String {
        let tenths = (wholeMicroseconds + 50_000) / 100_000
        return "\(tenths / 10).\(tenths % 10) s"
    }

    /// Whole seconds, for a figure that was configured in seconds: `3600 s`.
    var secondsWords: String { "\(components.seconds) s" }

    private static func join(_ large: Int64, _ largeUnit: String, _ small: Int64, _ smallUnit: String) -> String {
        small == 0 ? "\(large) \(largeUnit)" : "\(large) \(largeUnit) \(small) \(smallUnit)"
    }
}

extension BinaryInteger {
    /// The number with its digits in groups of three, as the field's tools print large counts: `1 204`.
    var grouped: String {
        let digits = String(magnitude)
        var result = self < 0 ? "-" : ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { result.append(" ") }
            result.append(digit)
        }
        return result
    }
}

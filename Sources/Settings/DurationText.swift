/// Lengths of time as people write them in settings and on command lines: `10s`, `500ms`, `1h30m`, `7d`.
public enum DurationText {
    private static let units: [(name: String, milliseconds: Int)] = [
        ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1),
    ]

    /// The length that `text` names; a number without a unit counts as seconds, fractions are allowed (`1.5s`). Nil
    /// when it is
    /// not a length of time.
    public static func parse(_ text: String) -> Duration? {
        var rest = Substring(text)
        var milliseconds = 0.0
        guard !rest.isEmpty, text.utf8.count <= 40 else { return nil }
        while !rest.isEmpty {
            let digits = rest.prefix { ("0"..."9").contains($0) || $0 == "." }
            rest = rest.dropFirst(digits.count)
            let name = rest.prefix { ("a"..."z").contains($0) }
            rest = rest.dropFirst(name.count)
            guard let number = Double(digits), digits.first != "." else { return nil }
            if name.isEmpty {
                guard digits.count == text.count else { return nil }
                milliseconds = number * 1000
            } else {
                guard let unit = units.first(where: { $0.name == name }) else { return nil }
                milliseconds += number * Double(unit.milliseconds)
            }
        }
        guard milliseconds < 1e15 else { return nil }
        return .milliseconds(Int(milliseconds.rounded()))
    }

    /// The length in whole seconds that `text` names, as ``parse(_:)`` reads it; nil where it is none, or has a fraction.
    public static func parseWholeSeconds(_ text: String) -> Duration? {
        parse(text).flatMap { $0.components.attoseconds == 0 ? $0 : nil }
    }

    /// The shortest text that ``parse(_:)`` reads back to the same length, to the millisecond.
    public static func print(_ duration: Duration) -> String {
        let parts = duration.components
        var rest = Int(parts.seconds) * 1000 + Int(parts.attoseconds / 1_000_000_000_000_000)
        if rest == 0 { return "0s" }
        if rest < 0 { return "-" + print(.milliseconds(-rest)) }
        var text = ""
        for unit in units where rest >= unit.milliseconds {
            text += "\(rest / unit.milliseconds)\(unit.name)"
            rest %= unit.milliseconds
        }
        return text
    }
}

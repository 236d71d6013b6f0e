import Topology

// Durations are seconds as decimal numbers; moments are ISO 8601 text in UTC. Both keep every digit.

extension Duration: DocumentValue {
    static func read(_ json: JSON) throws(DocumentIssue) -> Duration {
        guard case .number(let text) = json.content, let duration = Duration(decimalSeconds: text) else {
            throw json.mustBe("a time in seconds such as 1.5")
        }
        return duration
    }

    func written() -> JSON { JSON(.number(decimalSeconds)) }

    /// Seconds with as many decimals as there are, at most eighteen (attoseconds).
    private var decimalSeconds: String {
        let (seconds, attoseconds) = components
        guard attoseconds != 0 else { return String(seconds) }
        var fraction = String(attoseconds.magnitude)
        fraction = String(repeating: "0", count: 18 - fraction.count) + fraction
        while fraction.last == "0" { fraction.removeLast() }
        let isNegative = seconds < 0 || attoseconds < 0
        return "\(isNegative ? "-" : "")\(seconds.magnitude).\(fraction)"
    }

    private init?(decimalSeconds text: String) {
        let isNegative = text.hasPrefix("-")
        let parts = text.dropFirst(isNegative ? 1 : 0).split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, let seconds = Int64(parts[0]) else { return nil }
        var attoseconds: Int64 = 0
        if parts.count == 2 {
            guard parts[1].utf8.count <= 18, let digits = Int64(parts[1]), digits >= 0 else { return nil }
            attoseconds = (parts[1].utf8.count..<18).reduce(digits) { value, _ in value * 10 }
        }
        self.init(
            secondsComponent: isNegative ? -seconds : seconds,
            attosecondsComponent: isNegative ? -attoseconds : attoseconds)
    }
}

extension Timestamp: DocumentValue {
    static func read(_ json: JSON) throws(DocumentIssue) -> Timestamp {
        let text = try json.text("a moment such as \"2026-01-31T23:59:59.5Z\"")
        return try json.parsed { () throws(ParsingError) in try Timestamp(parsing: text) }
    }

    func written() -> JSON { .string(description) }
}

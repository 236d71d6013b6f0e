/// Count, mean and maximum of durations over the last five to ten seconds.
struct RollingMeasure {
    static let span: Duration = .seconds(5)

    private struct Bucket {
        var count = 0
        var sum: Duration = .zero
        var maximum: Duration = .zero
    }

    private var current = Bucket()
    private var previous = Bucket()
    private var currentEnds: ContinuousClock.Instant

    init(startingAt now: ContinuousClock.Instant) {
        currentEnds = now + Self.span
    }

    mutating func add(_ value: Duration, at now: ContinuousClock.Instant) {
        turnPage(at: now)
        current.count += 1
        current.sum += value
        current.maximum = max(current.maximum, value)
    }

    /// Mean and maximum, `nil` where nothing was measured lately.
    mutating func summary(at now: ContinuousClock.Instant) -> DurationSummary? {
        turnPage(at: now)
        let count = current.count + previous.count
        guard count > 0 else { return nil }
        return DurationSummary(
            count: count, mean: (current.sum + previous.sum) / count, maximum: max(current.maximum, previous.maximum))
    }

    private mutating func turnPage(at now: ContinuousClock.Instant) {
        guard now >= currentEnds else { return }
        previous = now < currentEnds + Self.span ? current : Bucket()
        current = Bucket()
        currentEnds = now + Self.span
    }
}

/// A few numbers for many durations.
public struct DurationSummary: Sendable, Hashable {
    /// How many durations are summed up.
    public var count: Int
    /// Their arithmetic mean.
    public var mean: Duration
    /// The longest of them.
    public var maximum: Duration

    /// Sums up durations that were counted elsewhere.
    public init(count: Int, mean: Duration, maximum: Duration) {
        self.count = count
        self.mean = mean
        self.maximum = maximum
    }
}

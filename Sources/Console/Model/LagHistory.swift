import Topology

/// The last few minutes of one instance's lag, one figure a second at most: what the sparkline draws.
struct LagHistory: Hashable, Sendable {
    /// A sparkline is at most a panel wide, and nobody reads more than the last minutes from it.
    static let capacity = 120

    /// Whole seconds of lag, oldest first; `nil` where the instance was not replicating at that moment.
    private(set) var samples: [Int64?] = []

    mutating func append(_ lag: Duration?) {
        if samples.count == Self.capacity { samples.removeFirst() }
        samples.append(lag.map { $0.components.seconds })
    }

    /// The last `width` samples as heights from 0 to 7, scaled to the largest one among them; `nil` for a gap.
    ///
    /// The scale never falls below eight seconds, so that a replica that is one second behind does not look like a
    /// mountain.
    func heights(width: Int) -> [Int?] {
        let shown = samples.suffix(max(0, width))
        let top = max(8, shown.compactMap { $0 }.max() ?? 0)
        return shown.map { sample in sample.map { Int($0 * 7 / top) } }
    }

    /// Whether any sample shows a replica that was behind: a flat line tells nothing and is not drawn.
    var isInteresting: Bool { samples.contains { ($0 ?? 0) > 0 } }
}

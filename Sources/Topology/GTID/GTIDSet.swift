/// A set of MySQL global transaction identifiers, with exact set algebra.
///
/// Held as sorted, merged intervals for each UUID and tag, as MySQL prints them; copies share their storage until
/// one is changed, and sets that share storage compare at once.
public struct GTIDSet: Hashable, Sendable {
    /// The transactions of one server UUID under one tag.
    public struct Part: Hashable, Sendable {
        /// Under whose UUID, and which tag, the transactions are numbered.
        public let origin: Origin
        /// Ascending, neither overlapping nor touching, never empty.
        public let intervals: [GTIDInterval]
    }

    /// Under which name transactions are numbered: a UUID, and since MySQL 8.3 a tag.
    public struct Origin: Hashable, Sendable {
        /// The server that committed them first, or a group's name.
        public let uuid: ServerUUID
        /// Lower case; empty for transactions without a tag.
        public let tag: String

        /// Makes an origin; tags came with MySQL 8.3, and no tag is the usual case.
        public init(uuid: ServerUUID, tag: String = "") {
            self.uuid = uuid
            self.tag = tag
        }
    }

    /// Ascending by origin.
    public private(set) var parts: [Part] = []

    /// Makes the empty set.
    public init() {}

    /// Makes a set of the given intervals, which may overlap and come in any order.
    public init(_ intervals: some Sequence<(Origin, GTIDInterval)>) {
        var collected: [Origin: [GTIDInterval]] = [:]
        for (origin, interval) in intervals { collected[origin, default: []].append(interval) }
        parts = collected.sorted { $0.key < $1.key }.map { origin, intervals in
            Part(origin: origin, intervals: [GTIDInterval].normalized(intervals))
        }
    }

    /// Makes a set of the transactions `numbers` of one server.
    ///
    /// - Parameter numbers: within 1 and ``GTIDInterval/maximum``; what lies outside is left out.
    public init(uuid: ServerUUID, tag: String = "", _ numbers: ClosedRange<UInt64>) {
        let clamped = numbers.clamped(to: 1...GTIDInterval.maximum)
        guard clamped.overlaps(numbers) else { return }
        let interval = GTIDInterval(first: clamped.lowerBound, last: clamped.upperBound)
        parts = [Part(origin: Origin(uuid: uuid, tag: tag), intervals: [interval])]
    }

    init(sortedParts: [Part]) {
        parts = sortedParts
    }

    /// Whether no transaction is in it.
    public var isEmpty: Bool { parts.isEmpty }

    /// How many transactions the set holds; `UInt64.max` where they are more.
    public var transactionCount: UInt64 {
        var sum: UInt64 = 0
        for part in parts {
            for interval in part.intervals {
                let (next, overflow) = sum.addingReportingOverflow(interval.count)
                if overflow { return .max }
                sum = next
            }
        }
        return sum
    }

    /// The UUIDs of the set, ascending, each once.
    public var sources: [ServerUUID] {
        var result: [ServerUUID] = []
        for part in parts where result.last != part.origin.uuid { result.append(part.origin.uuid) }
        return result
    }

    /// Whether the set holds the transaction `number` of that server and tag.
    public func contains(_ number: UInt64, of uuid: ServerUUID, tag: String = "") -> Bool {
        let origin = Origin(uuid: uuid, tag: tag)
        let index = parts.firstSorted { $0.origin >= origin }
        guard index < parts.count, parts[index].origin == origin else { return false }
        let intervals = parts[index].intervals
        let place = intervals.firstSorted { $0.last >= number }
        return place < intervals.count && intervals[place].first <= number
    }

    /// The transactions of the given servers.
    public func restricted(to uuids: Set<ServerUUID>) -> GTIDSet {
        GTIDSet(sortedParts: parts.filter { uuids.contains($0.origin.uuid) })
    }

    /// The transactions of all other servers.
    public func removing(_ uuids: Set<ServerUUID>) -> GTIDSet {
        GTIDSet(sortedParts: parts.filter { !uuids.contains($0.origin.uuid) })
    }
}

/// Consecutive transaction numbers, both ends included.
public struct GTIDInterval: Hashable, Sendable {
    /// The greatest number that MySQL gives out: 2^63 - 2 (`GNO_END` in its source is 2^63 - 1, one past the end).
    public static let maximum = UInt64(Int64.max) - 1

    /// The lowest number, 1 or more.
    public let first: UInt64
    /// The highest number, which belongs to it.
    public let last: UInt64

    /// Makes the interval of `first` and `last`, which must be in order.
    public init(first: UInt64, last: UInt64) {
        precondition(first <= last, "an interval from \(first) to \(last)")
        self.first = first
        self.last = last
    }

    /// Makes an interval of one transaction.
    public init(_ number: UInt64) {
        self.init(first: number, last: number)
    }

    /// How many transactions it holds.
    public var count: UInt64 { last - first + 1 }
}

extension GTIDSet.Origin: Comparable {
    /// By UUID, then by tag, no tag first: the order in which MySQL prints.
    public static func < (left: Self, right: Self) -> Bool {
        left.uuid == right.uuid ? left.tag < right.tag : left.uuid < right.uuid
    }
}

extension Array {
    /// The index of the first element of a sorted array for which `isAtOrAfter` holds; the count where there is none.
    func firstSorted(where isAtOrAfter: (Element) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = low + (high - low) / 2
            if isAtOrAfter(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}

extension GTIDSet {
    /// The transactions that are in one of the sets or in both.
    public func union(_ other: GTIDSet) -> GTIDSet {
        if parts.isEmpty || parts == other.parts { return other }
        if other.parts.isEmpty { return self }
        return merged(with: other) { left, right in
            guard let left else { return right }
            guard let right else { return left }
            return left == right ? left : .normalized(left + right)
        }
    }

    /// Adds the transactions of `other`.
    public mutating func formUnion(_ other: GTIDSet) {
        self = union(other)
    }

    /// The transactions of this set that are not in `other`.
    public func subtracting(_ other: GTIDSet) -> GTIDSet {
        if parts.isEmpty || other.parts.isEmpty { return self }
        return merged(with: other) { left, right in
            guard let left else { return nil }
            guard let right else { return left }
            return left == right ? nil : left.subtracting(right)
        }
    }

    /// The transactions that are in both sets.
    public func intersection(_ other: GTIDSet) -> GTIDSet {
        merged(with: other) { left, right in
            guard let left, let right else { return nil }
            return left == right ? left : left.intersection(right)
        }
    }

    /// Whether every transaction of this set is in `other`; true for the empty set.
    public func isSubset(of other: GTIDSet) -> Bool {
        if parts == other.parts { return true }
        var index = 0
        for part in parts {
            while index < other.parts.count, other.parts[index].origin < part.origin { index += 1 }
            guard index < other.parts.count, other.parts[index].origin == part.origin else { return false }
            guard part.intervals.isCovered(by: other.parts[index].intervals) else { return false }
        }
        return true
    }

    /// Whether every transaction of `other` is in this set.
    public func contains(_ other: GTIDSet) -> Bool { other.isSubset(of: self) }

    /// Whether no transaction is in both sets.
    public func isDisjoint(with other: GTIDSet) -> Bool { intersection(other).isEmpty }

    /// Walks both sets in step and keeps for each origin what `combine` makes of its two sides.
    private func merged(
        with other: GTIDSet, combine: ([GTIDInterval]?, [GTIDInterval]?) -> [GTIDInterval]?
    ) -> GTIDSet {
        var result: [Part] = []
        var (left, right) = (0, 0)
        while left < parts.count || right < other.parts.count {
            let leftPart = left < parts.count ? parts[left] : nil
            let rightPart = right < other.parts.count ? other.parts[right] : nil
            let origin: Origin
            switch (leftPart?.origin, rightPart?.origin) {
            case (let leftOrigin?, let rightOrigin?): origin = min(leftOrigin, rightOrigin)
            case (let leftOrigin?, nil): origin = leftOrigin
            case (nil, let rightOrigin?): origin = rightOrigin
            case (nil, nil): return GTIDSet(sortedParts: result)
            }
            let fromLeft = leftPart?.origin == origin ? leftPart : nil
            let fromRight = rightPart?.origin == origin ? rightPart : nil
            if let intervals = combine(fromLeft?.intervals, fromRight?.intervals), !intervals.isEmpty {
                result.append(Part(origin: origin, intervals: intervals))
            }
            if fromLeft != nil { left += 1 }
            if fromRight != nil { right += 1 }
        }
        return GTIDSet(sortedParts: result)
    }
}

extension [GTIDInterval] {
    /// The same numbers as sorted intervals that neither overlap nor touch.
    static func normalized(_ intervals: [GTIDInterval]) -> [GTIDInterval] {
        let sorted = intervals.sorted { $0.first < $1.first }
        var result: [GTIDInterval] = []
        for interval in sorted {
            guard let last = result.last, interval.first <= last.last || interval.first - 1 == last.last else {
                result.append(interval)
                continue
            }
            if interval.last > last.last {
                result[result.count - 1] = GTIDInterval(first: last.first, last: interval.last)
            }
        }
        return result
    }

    /// The numbers that are not in `other`; both sides normalised.
    fileprivate func subtracting(_ other: [GTIDInterval]) -> [GTIDInterval] {
        var result: [GTIDInterval] = []
        var index = 0
        for interval in self {
            var first = interval.first
            var isUsedUp = false
            while index < other.count, other[index].last < first { index += 1 }
            var cut = index
            while cut < other.count, other[cut].first <= interval.last {
                if other[cut].first > first {
                    result.append(GTIDInterval(first: first, last: other[cut].first - 1))
                }
                if other[cut].last >= interval.last {
                    isUsedUp = true
                    break
                }
                first = other[cut].last + 1
                cut += 1
            }
            index = cut
            if !isUsedUp { result.append(GTIDInterval(first: first, last: interval.last)) }
        }
        return result
    }

    /// The numbers that are also in `other`; both sides normalised.
    fileprivate func intersection(_ other: [GTIDInterval]) -> [GTIDInterval] {
        var result: [GTIDInterval] = []
        var (left, right) = (0, 0)
        while left < count, right < other.count {
            let first = Swift.max(self[left].first, other[right].first)
            let last = Swift.min(self[left].last, other[right].last)
            if first <= last { result.append(GTIDInterval(first: first, last: last)) }
            if self[left].last < other[right].last { left += 1 } else { right += 1 }
        }
        return result
    }

    /// Whether each number is also in `other`; both sides normalised.
    fileprivate func isCovered(by other: [GTIDInterval]) -> Bool {
        var index = 0
        for interval in self {
            while index < other.count, other[index].last < interval.first { index += 1 }
            guard index < other.count, other[index].first <= interval.first, other[index].last >= interval.last else {
                return false
            }
        }
        return true
    }
}

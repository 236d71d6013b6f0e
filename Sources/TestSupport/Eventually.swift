/// A condition that did not come true in time.
public struct DeadlineExceeded: Error, CustomStringConvertible {
    public let limit: Duration
    public let what: String

    public init(limit: Duration, what: String) {
        self.limit = limit
        self.what = what
    }

    public var description: String { "\(what) did not come true within \(limit)" }
}

/// Waits until `condition` holds, asking every few milliseconds: the one place where tests wait by the clock.
///
/// ```swift
/// try await eventually(within: .seconds(5), "db2 is seen as gone") { await engine.fleet[db2]?.contact.isReachable ==
/// false }
/// ```
///
/// - Throws: ``DeadlineExceeded`` where it does not come true in time; whatever `condition` throws.
public func eventually(
    within limit: Duration = .seconds(10),
    _ what: String = "the condition",
    isolation: isolated (any Actor)? = #isolation,
    _ condition: () async throws -> Bool
) async throws {
    let deadline = ContinuousClock.now + limit
    var pause = Duration.milliseconds(1)
    while try await !condition() {
        guard ContinuousClock.now < deadline else { throw DeadlineExceeded(limit: limit, what: what) }
        try await Task.sleep(for: pause)
        pause = min(pause * 2, .milliseconds(20))
    }
}

/// Waits until `value` gives something, and gives that.
///
/// - Throws: ``DeadlineExceeded`` where it stays `nil`; whatever `value` throws.
public func eventually<Value>(
    within limit: Duration = .seconds(10),
    _ what: String = "a value",
    isolation: isolated (any Actor)? = #isolation,
    value: () async throws -> Value?
) async throws -> Value {
    var found: Value?
    try await eventually(within: limit, what, isolation: isolation) {
        found = try await value()
        return found != nil
    }
    guard let found else { throw DeadlineExceeded(limit: limit, what: what) }
    return found
}

/// Waits for the first element of a stream that `holds`, and gives it the moment it comes.
///
/// - Throws: ``DeadlineExceeded`` where none comes in time, or the stream ends before.
public func first<Element: Sendable>(
    of stream: AsyncStream<Element>,
    within limit: Duration = .seconds(10),
    _ what: String = "the condition",
    where holds: @escaping @Sendable (Element) -> Bool
) async throws -> Element {
    try await withThrowingTaskGroup(of: Element?.self) { group in
        group.addTask {
            for await element in stream where holds(element) { return element }
            return nil
        }
        group.addTask {
            try await Task.sleep(for: limit)
            return nil
        }
        defer { group.cancelAll() }
        guard let element = try await group.next() ?? nil else { throw DeadlineExceeded(limit: limit, what: what) }
        return element
    }
}

/// Waiting for a condition instead of for a time.
enum Patience {
    /// Asks until the answer is not `nil`, or the time is over.
    ///
    /// - Parameters:
    ///   - limit: how long to ask; the question is put once more at the end.
    ///   - pause: between two questions.
    /// - Returns: the answer, `nil` when there was none in time.
    static func answer<Answer>(
        within limit: Duration, pause: Duration = .milliseconds(25), to question: () async throws -> Answer?
    ) async throws -> Answer? {
        let clock = ContinuousClock()
        let end = clock.now + limit
        while true {
            let last = clock.now >= end
            if let answer = try await question() { return answer }
            if last { return nil }
            try await Task.sleep(for: pause)
        }
    }

    /// Waits until `condition` holds; `false` when it did not in time.
    static func wait(
        within limit: Duration, pause: Duration = .milliseconds(25), until condition: () async throws -> Bool
    ) async throws -> Bool {
        try await answer(within: limit, pause: pause) { try await condition() ? true : nil } ?? false
    }
}

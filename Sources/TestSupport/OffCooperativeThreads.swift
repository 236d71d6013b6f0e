import Foundation

/// Runs what blocks on a thread of its own, so that other tests go on meanwhile.
public func offCooperativeThreads<Value: Sendable>(
    _ body: @escaping @Sendable () throws -> Value
) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread { continuation.resume(with: Result(catching: body)) }
    }
}

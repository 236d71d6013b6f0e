/// The time by which an operation measures and waits: the machine's, or a simulation's.
struct RunClock: Sendable {
    private let elapsed: @Sendable () -> Duration
    private let pause: @Sendable (Duration) async -> Void

    init<Source: Clock>(_ clock: Source) where Source.Duration == Duration {
        let start = clock.now
        elapsed = { start.duration(to: clock.now) }
        pause = { duration in try? await clock.sleep(until: clock.now.advanced(by: duration), tolerance: nil) }
    }

    /// Since the clock was made.
    var now: Duration { elapsed() }

    /// Lets so much time pass.
    func sleep(for duration: Duration) async { await pause(duration) }
}

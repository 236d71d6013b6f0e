import Topology

/// Decides when the next frame is due: at once after a key, otherwise not more often than the eye needs, and never
/// when nothing shown can have changed.
struct FramePacer: Sendable {
    /// The shortest time between two frames that nobody's key asked for: 20 a second.
    static let interval: Duration = .milliseconds(50)

    private(set) var lastFrame: ContinuousClock.Instant?
    private(set) var isDirty = true

    /// Something changed that the next frame has to show.
    mutating func invalidate() { isDirty = true }

    /// Whether to draw now.
    ///
    /// - Parameter isUrgent: whether the operator pressed something and waits for the answer.
    func isDue(at now: ContinuousClock.Instant, isUrgent: Bool) -> Bool {
        guard isDirty else { return false }
        guard let lastFrame, !isUrgent else { return true }
        return now - lastFrame >= Self.interval
    }

    /// A frame was drawn.
    mutating func didDraw(at now: ContinuousClock.Instant) {
        lastFrame = now
        isDirty = false
    }

    /// When to look again although nothing arrives: for the frame that is owed, or for the second at which an age on
    /// the screen grows.
    func nextLook(hasRunningAge: Bool) -> ContinuousClock.Instant? {
        guard let lastFrame else { return nil }
        if isDirty { return lastFrame + Self.interval }
        return hasRunningAge ? lastFrame + .seconds(1) : nil
    }
}

import Engine
import Storage
import Topology

/// What the console draws from and wishes of: a running engine, or a fleet that only lies there, such as a snapshot
/// file. Tests put their own in place.
public protocol ConsoleBackend: Sendable {
    /// What is known, the latest first; ends when nothing more will come.
    func updates() async -> AsyncStream<EngineUpdate>

    /// Does one of ``ConsoleEffect/discover(_:)``, ``ConsoleEffect/forget(_:)``, ``ConsoleEffect/refreshAll``,
    /// ``ConsoleEffect/stoodStill``, ``ConsoleEffect/save(path:)``.
    ///
    /// - Returns: what the operator should be told; `nil` where what happens shows by itself.
    func perform(_ wish: ConsoleEffect) async -> Notice?

    /// The events of the past, oldest first; empty where nothing remembers them.
    func pastEvents() async -> [Event]
}

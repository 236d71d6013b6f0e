import Discovery
import Servers
import Topology

/// A fleet that was read once, for commands that answer and end.
public struct FleetReading: Sendable {
    public var fleet: Fleet
    public var origin: FleetOrigin

    public init(fleet: Fleet, origin: FleetOrigin) {
        self.fleet = fleet
        self.origin = origin
    }

    /// Crawls from the seeds until everyone that can be found has answered or failed.
    ///
    /// - Parameter limit: the longest time to take; who has not answered by then stays `neverTried`.
    public static func crawl(
        from seeds: [InstanceAddress], settings: DiscoverySettings = DiscoverySettings(),
        within limit: Duration = .seconds(10), makeProber: @escaping @Sendable (InstanceAddress) -> any Prober
    ) async -> FleetReading {
        let discovery = Discovery(seeds: seeds, settings: settings, makeProber: makeProber)
        return FleetReading(fleet: await discovery.crawl(within: limit), origin: .live)
    }

    /// The last known fleet of the store; `nil` where none was written yet.
    public static func memory(of recorder: any FleetRecorder) async throws -> FleetReading? {
        try await recorder.lastFleet().map {
            FleetReading(fleet: $0.fleet, origin: .remembered(at: $0.writtenAt))
        }
    }
}

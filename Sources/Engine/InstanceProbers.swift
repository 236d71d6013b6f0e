import Servers
import Topology

/// Makes probers of real servers.
public struct InstanceProbers: Sendable {
    /// Says with which account and how a server is connected to; it differs where clusters have credentials of their
    /// own.
    public var settings: @Sendable (InstanceAddress) -> ConnectionSettings
    /// What is asked of every server.
    public var options: ProbeOptions

    /// Makes a factory of probers; `settings` is asked for each address once, when its prober is made.
    public init(
        options: ProbeOptions = ProbeOptions(), settings: @escaping @Sendable (InstanceAddress) -> ConnectionSettings
    ) {
        self.options = options
        self.settings = settings
    }

    /// A prober of one address, not yet connected.
    public func callAsFunction(_ address: InstanceAddress) -> any Prober {
        InstanceProber(address: address, settings: settings(address), options: options)
    }
}

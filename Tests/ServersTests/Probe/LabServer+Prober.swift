import Lab
import Servers
import Topology

extension LabServer {
    /// A prober that logs in as root, or as `user` without a password.
    func prober(user: String = "root", options: ProbeOptions = ProbeOptions()) -> InstanceProber {
        InstanceProber(
            address: address, settings: ConnectionSettings(credentials: Credentials(user: user)), options: options)
    }
}

extension ProbeOutcome {
    var facts: InstanceFacts? {
        if case .facts(let facts) = self { facts } else { nil }
    }
}

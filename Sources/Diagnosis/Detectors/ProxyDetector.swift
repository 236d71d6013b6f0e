import Topology

extension Detector {
    /// Addresses behind which there is not one server: nothing that is read there may be taken for an instance's.
    static let proxy = Detector { examined, problems in
        guard case .reachable = examined.instance.contact, let sighting = examined.instance.facts?.proxy else { return }
        let (summary, evidence) =
            switch sighting {
            case .named(let name): ("\(examined.address) is answered by \(name), which is not a server", [String]())
            case .changingIdentity(let first, let second):
                (
                    "\(examined.address) is answered by different servers",
                    ["one connection was answered by \(first)", "another by \(second)"]
                )
            }
        problems.append(
            Problem(
                .proxy, .notice, of: examined.address, summary: summary, evidence: evidence,
                remedy: "Point baton at the servers behind it, and leave this address out by an ignore filter."))
    }
}

import Topology

extension Detector {
    /// Co-primaries and rings with more than one writable server: legal, and a way to conflicting changes. It is one
    /// problem of all of them, told once: of the first in the order of addresses.
    static let writableCoPrimaries = Detector { examined, problems in
        guard examined.facts?.writability.isWritable == true, examined.context.inRings.contains(examined.address) else {
            return
        }
        let fleet = examined.context.fleet
        let partners = ringPartners(examined).filter { fleet[$0]?.facts?.writability.isWritable == true }
        guard let next = partners.first, examined.address < next else { return }
        problems.append(
            Problem(
                .writableCoPrimaries, .notice, of: examined.address,
                summary: "\(examined.address) and \(listed(partners)) replicate from each other and are all writable",
                remedy: "Set all but one read_only, unless writes are kept apart.", partners: partners))
    }

    private static func ringPartners(_ examined: Examined) -> [InstanceAddress] {
        examined.context.ringMembers(besides: examined.address).sorted()
    }
}

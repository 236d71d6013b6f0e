import Topology

extension Detector {
    /// Co-primaries and rings with more than one writable server: legal, and a way to conflicting changes. It is one
    /// problem of all of them, told once: of the first in the order of addresses.
    static let writableCoPrimaries = Detector { examined, problems in
        guard examined.facts?.writability.isWritable == true, examined.context.inRings.contains(examined.address) else {
            return
        }
        let fleet = examined.context.fleet
        let members = ringPartners(examined)
        let partners = members.filter { fleet[$0]?.facts?.writability.isWritable == true }
        guard let next = partners.first, examined.address < next else { return }
        let place = members.count == 1 ? "is a co-primary of" : "is in a ring with"
        let all = partners.count == 1 ? "both" : "all of them"
        problems.append(
            Problem(
                .writableCoPrimaries, .notice, of: examined.address,
                summary: "\(examined.address) \(place) \(listed(partners)), and \(all) are writable",
                remedy: "Set all but one read_only, unless writes are kept apart.", partners: partners))
    }

    private static func ringPartners(_ examined: Examined) -> [InstanceAddress] {
        examined.context.ringMembers(besides: examined.address).sorted()
    }
}

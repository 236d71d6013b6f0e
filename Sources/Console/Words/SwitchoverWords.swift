import Recovery
import Topology

extension Switchover {
    /// Who takes over when only one server is pointed at: that one where it is a replica, the best where it is the primary.
    static func candidate(under address: InstanceAddress, in model: ConsoleModel) -> CandidateChoice {
        let isPrimary = model.known.cluster(of: address)?.primary == address
        return isPrimary || model.known.fleet[address]?.isReplica != true ? .best : .named(address)
    }
}

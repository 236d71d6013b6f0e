import Refactoring
import Topology

extension PlanDraft {
    /// The primary of which something is to be set.
    ///
    /// - Throws: ``PlanRefusal`` where it is not known or does not answer.
    func answeringPrimary(_ address: InstanceAddress) throws(PlanRefusal) -> Instance {
        let server = try server(fleet.canonical(address))
        guard server.contact.isReachable else {
            throw PlanRefusal(
                SettingCondition.silentPrimary, "\(server.address) does not answer", .command("baton analyze"))
        }
        return server
    }
}

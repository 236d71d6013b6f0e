import Refactoring
import Topology

extension Instance {
    /// Whether others agree with it on who takes writes.
    var isGroupMember: Bool { facts?.groupReplication != nil || facts?.galera != nil }

    /// What makes it come back from a restart so: by itself where the server can keep it (MySQL 8.0 manual, `SET PERSIST`).
    func lastingReadOnly(_ state: SwitchState) -> Remedy {
        let isComplete = facts.map { WriteBan.complete(on: $0.version).goal == .superReadOnly } ?? false
        let name = state == .on && isComplete && isMySQLFamily ? "super_read_only" : "read_only"
        let value = state == .on ? "ON" : "OFF"
        return isMySQLFamily && facts?.version.isAtLeast(8, 0) == true
            ? .statement("SET PERSIST \(name) = \(value)", on: address)
            : .optionFile("\(name) = \(value)", on: address)
    }
}

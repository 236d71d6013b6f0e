import Topology

extension RuleScene {
    /// Who took a server's place in a recovery in which it still counts as lost; `nil` where another server stands at its
    /// address now.
    public func replacement(of address: InstanceAddress) -> ReplacedPrimary? {
        guard let replaced = marks.replacement(of: address, at: now) else { return nil }
        return (fleet[address]?.facts.map { replaced.isSame($0.identity) } ?? true) ? replaced : nil
    }
}

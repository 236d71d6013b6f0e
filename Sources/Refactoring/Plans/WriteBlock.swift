import Topology

/// The part of a plan in which no client can write: from the step that forbids it on the old primary to the one that allows
/// it on the new one.
///
/// When a step of it fails or takes too long, those of it that were begun are taken back at once, without asking: nothing was
/// allowed on the new primary yet. Hooks and whatever takes long run before ``first`` and after ``last``, never within.
public struct WriteBlock: Hashable, Sendable, Codable {
    /// On which writes are forbidden.
    public var oldPrimary: InstanceAddress
    /// On which they are allowed then.
    public var newPrimary: InstanceAddress
    /// The place in the plan of the step that forbids writes.
    public var first: Int
    /// The place of the step that allows them.
    public var last: Int

    /// Makes a block.
    public init(from oldPrimary: InstanceAddress, to newPrimary: InstanceAddress, first: Int, last: Int) {
        self.oldPrimary = oldPrimary
        self.newPrimary = newPrimary
        self.first = first
        self.last = last
    }
}

import Refactoring
import Servers
import Synchronization

extension OperationDesk {
    /// Takes the password of the account that servers replicate with.
    public func giveReplicationPassword(_ text: String) { givenSecrets.give(Secret(text), as: .replication) }
}

/// Secrets that an operator typed, for as long as the process lives; they go before those that it was started with.
public final class GivenSecrets: Sendable {
    private let secrets = Mutex<[SecretName: Secret]>([:])

    /// Without any.
    public init() {}

    /// The one of that name, `nil` where none was given.
    public subscript(_ name: SecretName) -> Secret? { secrets.withLock { $0[name] } }

    /// Takes one, in place of what was given before.
    public func give(_ secret: Secret, as name: SecretName) { secrets.withLock { $0[name] = secret } }
}

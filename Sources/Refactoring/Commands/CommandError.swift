import Topology

/// Why a command can't be put into words for a server.
public enum CommandError: Error, Hashable, Sendable {
    /// The server has nothing that does this; `reason` is a clause that says what it lacks, or since when it has it.
    case unsupported(what: String, ServerVersion, reason: String)
    /// A value that no such server takes.
    case badValue(what: String, value: String, reason: String)
    /// The secret is known by this name, and is not to be had now.
    case missingSecret(SecretName)
    /// An earlier step has not read this yet, or what it read is in no notation that is known.
    case notObserved(Observation)
}

extension CommandError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unsupported(let what, let version, let reason): "\(version) cannot \(what): \(reason)"
        case .badValue(let what, let value, let reason):
            "\(what) cannot be '\(value.sanitized)': \(reason)"
        case .missingSecret(let name): "the secret \(name) was not found where secrets are looked up"
        case .notObserved(let observation): "\(observation) has not been read yet"
        }
    }
}

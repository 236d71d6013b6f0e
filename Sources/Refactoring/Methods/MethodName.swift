/// The ways by which a replica can be moved, as people name them.
public enum MethodName: String, Hashable, Sendable, CaseIterable {
    case gtid
    case position
    case equivalent
    case inPlace = "in-place"

    /// The methods' own names: GTID goes by another one in each of the families.
    public var methods: Set<String> {
        switch self {
        case .gtid: ["gtid", "mariadb-gtid"]
        case .position, .equivalent, .inPlace: [rawValue]
        }
    }
}

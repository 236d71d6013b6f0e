/// Finds the friendly name of each cluster: what was set for the fleet goes before what servers answered, the
/// primary's word before that of others, and among those the first by address.
struct ClusterAliases {
    private let given: [Int: String]
    private var reported: [Int: String] = [:]
    private var firstGiven: [Int: String] = [:]
    private var firstReported: [Int: String] = [:]

    /// - Parameter given: what was set for the fleet, by server.
    init(given: [Int: String]) {
        self.given = given
    }

    /// Takes a server into account; servers come in the order of their addresses.
    mutating func add(_ server: Int, _ instance: StructuralFacts?, component: Int) {
        if let alias = given[server], firstGiven[component] == nil { firstGiven[component] = alias }
        guard let alias = instance?.clusterAlias else { return }
        reported[server] = alias
        if firstReported[component] == nil { firstReported[component] = alias }
    }

    func alias(component: Int, primary: Int?) -> String? {
        if let alias = primary.flatMap({ given[$0] }) ?? firstGiven[component] { return alias }
        return primary.flatMap { reported[$0] } ?? firstReported[component]
    }
}

import ArgumentParser

/// By which way a replica is to be moved.
struct MethodOption: ParsableArguments {
    /// The ways, as people name them.
    enum Name: String, ExpressibleByArgument, CaseIterable {
        case gtid
        case position
        case equivalent
        case inPlace = "in-place"
    }

    @Option(
        name: .customLong("method"),
        help: ArgumentHelp(
            "Only by this way, and not by the best that is possible; may be given several times.", valueName: "way"))
    var chosen: [Name] = []

    /// The methods' own names; `nil` for any.
    var names: Set<String>? {
        if chosen.isEmpty { return nil }
        return Set(chosen.flatMap { $0 == .gtid ? ["gtid", "mariadb-gtid"] : [$0.rawValue] })
    }
}

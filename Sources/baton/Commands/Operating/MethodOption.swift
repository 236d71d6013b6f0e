import ArgumentParser
import Refactoring

/// By which way a replica is to be moved.
struct MethodOption: ParsableArguments {
    @Option(
        name: .customLong("method"),
        help: ArgumentHelp(
            "Only by this way, and not by the best that is possible; may be given several times.", valueName: "way"))
    var chosen: [MethodName] = []

    /// The methods' own names; `nil` for any.
    var names: Set<String>? {
        chosen.isEmpty ? nil : chosen.reduce(into: []) { $0.formUnion($1.methods) }
    }
}

extension MethodName: ExpressibleByArgument {}

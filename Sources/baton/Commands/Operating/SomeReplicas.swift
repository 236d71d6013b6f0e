import ArgumentParser
import Discovery
import Topology

/// Which of a server's direct replicas are meant.
struct SomeReplicas: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Only the replicas in whose host:port this regular expression is found.", valueName: "regex"),
        transform: AddressPattern.init)
    var pattern: AddressPattern?
    @Option(
        name: .customLong("only"),
        help: ArgumentHelp("Only this replica; may be given several times.", valueName: "replica"))
    var named: [ServerArgument] = []

    func validate() throws {
        if pattern != nil, !named.isEmpty { throw ValidationError("--pattern and --only exclude each other") }
    }

    /// The replicas that are meant; `nil` for all.
    ///
    /// - Throws: ``CommandFailure`` where that is none.
    func chosen(of source: InstanceAddress, in answer: FleetAnswer) throws -> Set<InstanceAddress>? {
        let replicas = answer.fleet.replicas(of: source)
        if let pattern {
            let found = replicas.filter(pattern.isFound)
            if found.isEmpty {
                throw CommandFailure(.negative, "no replica of \(source) has \"\(pattern.text)\" in its address")
            }
            return Set(found)
        }
        guard !named.isEmpty else { return nil }
        let names = ServerNames(fleet: answer.fleet)
        return try Set(
            named.map { name in
                let address = answer.fleet.canonical(try names.server(name).address)
                if replicas.contains(address) { return address }
                throw CommandFailure(.negative, "\(address) is no replica of \(source)")
            })
    }
}

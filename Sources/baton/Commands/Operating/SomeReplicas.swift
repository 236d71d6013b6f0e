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
        let names = ServerNames(fleet: answer.fleet)
        let servers = try named.map { try names.server($0).address }
        do throws(NoSuchReplica) {
            return try answer.fleet.chosenReplicas(of: source, matching: pattern, named: servers)
        } catch {
            throw CommandFailure(.negative, error.description)
        }
    }
}

import ArgumentParser
import Engine
import Refactoring
import Topology

/// A command that has something changed: it says what is wanted, and the rest is the same for all.
protocol OperationCommand: AsyncParsableCommand {
    var options: OperationOptions { get }

    /// The servers that the command names.
    var names: [ServerArgument] { get throws }

    /// By which ways it may be done; `nil` for any.
    var methods: Set<String>? { get }

    /// Whether the servers that are named have to answer.
    var subjects: OperationSubjects { get }

    /// What is wanted.
    ///
    /// - Parameters:
    ///   - servers: those of ``names``, as the fleet keeps them.
    ///   - answer: the fleet around them.
    func wish(_ servers: [InstanceAddress], in answer: FleetAnswer) throws -> Wish
}

extension OperationCommand {
    var methods: Set<String>? { nil }
    var subjects: OperationSubjects { .living }

    func run() async throws {
        let order = OperationOrder(options: options, names: try names, methods: methods, subjects: subjects, wish: wish)
        try await order.carryOut()
    }
}

/// How the servers that a command names are expected to be.
enum OperationSubjects {
    /// One of them has to answer.
    case living
    /// It is about one that is lost: somebody around it has to answer.
    case lost
}

/// Arguments that name servers.
protocol NamingArguments: ParsableArguments {
    var names: [ServerArgument] { get throws }
}

/// An operation whose servers are named by arguments that others have as well.
protocol NamedOperationCommand: OperationCommand {
    associatedtype Naming: NamingArguments

    var arguments: Naming { get }
}

extension NamedOperationCommand {
    var names: [ServerArgument] {
        get throws { try arguments.names }
    }
}

/// An operation on one channel of one replica.
protocol ReplicaCommand: NamedOperationCommand where Naming == ReplicaArguments {
    func wish(_ replica: ReplicaChannel) throws -> Wish
}

extension ReplicaCommand {
    func wish(_ servers: [InstanceAddress], in answer: FleetAnswer) throws -> Wish {
        try wish(ReplicaChannel(servers[0], channel: arguments.channel))
    }
}

/// A move of one channel of a replica below a server that is named.
protocol PlacementCommand: NamedOperationCommand where Naming == PlacementArguments {
    var method: MethodOption { get }

    func wish(_ replica: ReplicaChannel, _ target: InstanceAddress) -> Wish
}

extension PlacementCommand {
    var methods: Set<String>? { method.names }

    func wish(_ servers: [InstanceAddress], in answer: FleetAnswer) throws -> Wish {
        wish(ReplicaChannel(servers[0], channel: arguments.channel), servers[1])
    }
}

/// An operation on replicas of one server, all or some of them.
protocol ReplicasOfCommand: NamedOperationCommand where Naming == SourceArguments {
    func wish(_ source: InstanceAddress, _ only: Set<InstanceAddress>?) -> Wish
}

extension ReplicasOfCommand {
    func wish(_ servers: [InstanceAddress], in answer: FleetAnswer) throws -> Wish {
        wish(servers[0], try arguments.some.chosen(of: servers[0], in: answer))
    }
}

/// An operation on one server.
protocol ServerCommand: NamedOperationCommand where Naming == OperatedServer {
    func wish(_ server: InstanceAddress) throws -> Wish
}

extension ServerCommand {
    func wish(_ servers: [InstanceAddress], in answer: FleetAnswer) throws -> Wish { try wish(servers[0]) }
}

import ArgumentParser
import Lab
import Topology

/// The server of a lab that a fault concerns.
struct LabServerArgument: ParsableArguments {
    @Argument(help: "The server's name, as it stands in the lab's shape.")
    var server: String
    @OptionGroup var lab: LabOptions

    /// Opens the lab and does something to the server.
    func act(_ body: (LabServer, Lab) async throws -> String) async throws {
        try await labWork {
            let lab = try lab.open()
            Answer.remark(try await body(try lab.server(server), lab))
        }
    }
}

/// Something that can be done to a server of a lab, and needs no more to be said than which server it is.
protocol LabFault {
    static var name: String { get }
    static var abstract: String { get }

    /// Does it, and says what has become of the server and how that is undone.
    static func act(on server: LabServer, in lab: Lab) async throws -> String
}

/// `baton lab kill` and its likes.
struct LabFaultCommand<Fault: LabFault>: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: Fault.name, abstract: Fault.abstract)
    }

    @OptionGroup var target: LabServerArgument

    func run() async throws { try await target.act(Fault.act) }
}

/// `baton lab delay`
struct LabDelayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delay", abstract: "Make a replica stay behind its source on purpose; 0 ends that.")
    @OptionGroup var target: LabServerArgument
    @Argument(help: "How many seconds it stays behind, up to 86400.")
    var seconds: Int

    func validate() throws {
        guard (0...86_400).contains(seconds) else { throw ValidationError("a delay has 0 to 86400 seconds") }
    }

    func run() async throws {
        try await target.act { server, _ in
            try await server.delay(seconds: seconds)
            return seconds == 0 ? "\(server.name) is delayed no more" : "\(server.name) stays \(seconds) s behind"
        }
    }
}

/// `baton lab lag`
struct LabLagCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lag",
        abstract: "Make a replica lag for real: a lock is held there while its primary writes. Ctrl-C ends it.")
    @OptionGroup var target: LabServerArgument
    @Argument(help: "For how many seconds, 1 to 3600.")
    var seconds: Int

    func validate() throws {
        guard (1...3600).contains(seconds) else { throw ValidationError("a lock is held for 1 to 3600 seconds") }
    }

    func run() async throws {
        try await target.act { server, lab in
            Answer.remark("\(server.name) falls behind for \(seconds) s")
            try await server.lag(for: .seconds(seconds), in: lab)
            return "\(server.name) catches up"
        }
    }
}

import ArgumentParser
import Lab
import Topology

/// The server of a lab that a fault concerns.
struct LabServerArgument: ParsableArguments {
    @Argument(help: "The server's name.")
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

/// `baton lab kill`
struct LabKillCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kill", abstract: "End a server's process at once, as a crash would (SIGKILL).")
    @OptionGroup var target: LabServerArgument

    func run() async throws {
        try await target.act { server, _ in
            guard server.process != nil else { return "\(server.name) does not run" }
            try await server.kill()
            return "\(server.name) is gone; bring it back: baton lab start \(server.name)"
        }
    }
}

/// `baton lab stop`
struct LabStopCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stop", abstract: "Shut a server down in order (SIGTERM).")
    @OptionGroup var target: LabServerArgument

    func run() async throws {
        try await target.act { server, _ in
            guard server.process != nil else { return "\(server.name) does not run" }
            try await server.stop()
            return "\(server.name) is down; bring it back: baton lab start \(server.name)"
        }
    }
}

/// `baton lab start`
struct LabStartCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "start", abstract: "Start a server that was stopped or killed, and wait until it answers.")
    @OptionGroup var target: LabServerArgument

    func run() async throws {
        try await target.act { server, _ in
            guard server.process == nil else { return "\(server.name) runs already" }
            try await server.start()
            return "\(server.name) answers on \(server.address)"
        }
    }
}

/// `baton lab freeze`
struct LabFreezeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "freeze",
        abstract: "Stop a server's process without ending it (SIGSTOP): connections stay open, nothing answers.")
    @OptionGroup var target: LabServerArgument

    func run() async throws {
        try await target.act { server, _ in
            try await server.freeze()
            return "\(server.name) is frozen; let it go on: baton lab thaw \(server.name)"
        }
    }
}

/// `baton lab thaw`
struct LabThawCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "thaw", abstract: "Let a frozen server go on.")
    @OptionGroup var target: LabServerArgument

    func run() async throws {
        try await target.act { server, _ in
            try await server.thaw()
            return "\(server.name) goes on"
        }
    }
}

/// `baton lab stop-replica`
struct LabStopReplicaCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stop-replica", abstract: "Stop replication on a server.")
    @OptionGroup var target: LabServerArgument

    func run() async throws {
        try await target.act { server, _ in
            try await server.stopReplica()
            return "\(server.name) replicates no more; start again: baton lab start-replica \(server.name)"
        }
    }
}

/// `baton lab start-replica`
struct LabStartReplicaCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "start-replica",
        abstract: "Start replication on a server; what break-replica left there is taken away.")
    @OptionGroup var target: LabServerArgument

    func run() async throws {
        try await target.act { server, _ in
            try await server.startReplica()
            return "\(server.name) replicates"
        }
    }
}

/// `baton lab break-replica`
struct LabBreakReplicaCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "break-replica",
        abstract: "Make a replica stop at a real error: a duplicate key.")
    @OptionGroup var target: LabServerArgument

    func run() async throws {
        try await target.act { server, lab in
            let error = try await server.breakReplica(in: lab)
            return "\(server.name) stopped: \(error)\nmend it: baton lab start-replica \(server.name)"
        }
    }
}

/// `baton lab delay`
struct LabDelayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delay", abstract: "Make a replica stay behind its source on purpose; 0 ends that.")
    @OptionGroup var target: LabServerArgument
    @Argument(help: "Seconds.")
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
    @Argument(help: "For how many seconds.")
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

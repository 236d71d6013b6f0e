import ArgumentParser
import Storage
import Topology

/// `baton is-replicating`: a question for scripts.
struct IsReplicatingCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "is-replicating",
        abstract: "Say by the exit code whether a replica replicates.",
        discussion: """
            Prints the server's address and ends with 0 where both threads of all of its channels run, and otherwise prints \
            nothing and ends with 1. With --stopped it is asked whether all threads are stopped.
            """)

    @Flag(name: .customLong("stopped"), help: "Ask whether replication is stopped altogether.")
    var asksStopped = false
    @OptionGroup var question: ServerQuestion

    func run() async throws {
        let (server, _) = try await question.read()
        let channels = server.channels.filter { $0.source != nil }
        let isSo =
            !channels.isEmpty
            && channels.allSatisfy { channel in
                asksStopped ? channel.receiver == .stopped && channel.applier == .stopped : channel.isReplicating
            }
        let answer = isSo ? [server.address.description] : []
        question.output.print(
            lines: answer,
            json: [
                "address": .string(server.address.description),
                "asked": .string(asksStopped ? "stopped" : "replicating"),
                "answer": .bool(isSo),
            ])
        if !isSo { throw ExitCode(CommandFailure.Code.negative.rawValue) }
    }
}

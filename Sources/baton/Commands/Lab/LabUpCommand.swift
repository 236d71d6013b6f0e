import ArgumentParser
import Foundation
import Lab

/// `baton lab up`
struct LabUpCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "up",
        abstract: "Bring a lab up; it stays up until `baton lab down`."
    )

    @Argument(
        help: "What it shall look like, for example 'mysql: a(b(d e) c)': b and c replicate from a, d and e from b.")
    var shape: String
    @Flag(help: "Stay in the foreground, and take the lab down when this program ends, however it ends.")
    var foreground = false
    @OptionGroup var lab: LabOptions

    func run() async throws {
        try await labWork {
            let shape = try Shape(parsing: shape)
            let lab = try await Lab.up(
                shape, in: lab.folder, name: lab.name, lifetime: foreground ? .thisProcess : .untilTakenDown,
                progress: .remarks)
            Answer.print(lines: lab.servers.map { "\($0.name)\t\($0.address)" })
            Answer.remark("watch it: baton --config \(lab.configurationFile)")
            guard foreground else { return }
            // Who reads the addresses through a pipe wants them now.
            fflush(nil)
            Answer.remark("it stays up until this program ends (Ctrl-C)")
            await Interruption.wait()
            try await lab.down()
        }
    }
}

/// `baton lab down`
struct LabDownCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "down",
        abstract: "Take a lab down, also one that a crash left behind."
    )

    @OptionGroup var lab: LabOptions

    func run() async throws {
        try await labWork {
            let ended = try await Lab.down(folder: lab.folder, progress: .remarks)
            Answer.remark(ended == 0 ? "nothing was running" : "ended \(ended) processes and removed their data")
        }
    }
}

import Foundation
import Lab
import Topology

/// Figures of the real console in a real terminal.
struct ConsoleFigures {
    let lab: Lab
    let runs: Int
    let baton: String
    let note: (String) -> Void
    private let environment: [String: String]

    init(lab: Lab, runs: Int, baton: String, note: @escaping (String) -> Void) throws {
        self.lab = lab
        self.runs = runs
        self.baton = FileManager.default.currentDirectoryPath + "/" + baton
        self.note = note
        var environment = ProcessInfo.processInfo.environment
        environment["TERM"] = "xterm-256color"
        environment["LC_ALL"] = "C.UTF-8"
        environment["XDG_CONFIG_HOME"] = lab.folder + "/config"
        self.environment = environment
        guard FileManager.default.isExecutableFile(atPath: self.baton) else {
            throw PtyProcess.Failure(description: "\(self.baton) is not there; build it with: swift build -c release")
        }
    }

    private var names: [String] { lab.servers.map(\.address.description) }

    private func console() throws -> PtyProcess {
        try PtyProcess(
            [
                baton, "console", names[0], "--defaults-file", lab.clientOptionFile, "--store",
                lab.folder + "/console.db",
            ], environment: environment)
    }

    /// From starting the program to the whole tree on the screen, which the store has before any server is asked.
    func firstPaint() async throws -> Figure {
        note("starting the console \(runs) times")
        // A first run fills the store.
        let filler = try console()
        _ = try filler.time(until: names)
        filler.drain(for: .seconds(3))
        filler.stop()
        var times: [Double] = []
        for _ in 0..<runs {
            let start = ContinuousClock.now
            let process = try console()
            times.append(try process.time(until: names, from: start) * 1000)
            process.stop()
        }
        return Figure("start to first paint of the tree, from the store", unit: "ms", times, target: "under 100")
    }

    /// CPU and memory of a console that watches eleven servers at rest.
    func idleCost() async throws -> [Figure] {
        note("watching for 20 s")
        let process = try console()
        _ = try process.time(until: names)
        process.drain(for: .seconds(5))
        let meter = ProcessMeter(pid: process.pid)
        let before = meter.cpu
        process.drain(for: .seconds(20))
        let share = (meter.cpu - before) / 20 * 100
        let memory = meter.memory
        process.stop()
        return [
            Figure(
                "CPU of the console, 11 servers polled each second", unit: "% of a core", [share], target: "under 1"),
            Figure("memory of the console", unit: "MB", [memory], target: "under 60"),
        ]
    }

    /// From `kill -9` of a server to the word on the screen.
    func killToShown() async throws -> Figure {
        note("killing a server \(runs) times under the console")
        let victim = lab.servers[lab.servers.count - 1]
        let process = try console()
        var times: [Double] = []
        _ = try process.time(until: names)
        for _ in 0..<runs {
            process.drain(for: .seconds(4))
            let start = ContinuousClock.now
            try await victim.kill()
            times.append(try process.time(until: ["gone"], from: start) * 1000)
            try await victim.start()
        }
        process.stop()
        return Figure("kill -9 to gone on the screen", unit: "ms", times, target: "under 50")
    }
}

import Discovery
import Engine
import Foundation
import Lab
import Operations
import Recovery
import Refactoring
import Servers
import Storage
import Topology

extension FailoverFigures {
    /// For how long clients could not write: as baton says, and as somebody sees it who writes a row each two milliseconds.
    func switchovers() async throws -> [Figure] {
        note("\(flavor): switching over \(runs) times under load")
        var (told, seen) = ([Double](), [Double]())
        try await onLab { lab in
            for run in 0..<runs {
                let (old, new) = run % 2 == 0 ? ("a", "b") : ("b", "a")
                let load = try await lab.startWorkload(on: [lab[old], lab[new]], rate: Self.rate)
                try await Task.sleep(for: .milliseconds(500))
                told.append(try await switchOver(lab, from: old, to: new))
                try await Task.sleep(for: .milliseconds(500))
                try await load.stop()
                seen.append(try await load.workload.report(on: []).longestPause * 1000)
            }
        }
        return [
            Figure("switchover under load, writes blocked", unit: "ms", told, target: "under 50"),
            Figure("of it seen by a client", unit: "ms", seen, target: "-"),
        ]
    }

    private func switchOver(_ lab: Lab, from old: String, to new: String) async throws -> Double {
        let settings = try settings(lab)
        let store = try await Store.open(at: lab.folder + "/switchovers.db")
        defer { try? store.close() }
        let desk = OperationDesk(OperatingSettings(), store: store) {
            LiveServers(settings: { _ in settings }) { _ in Secret(LabAccounts.replicationPassword) }
        }
        let reading = await FleetReading.crawl(from: [lab[old].address]) { address in
            InstanceProber(address: address, settings: settings)
        }
        let scene = desk.scene(of: reading.fleet, lastReads: reading.lastReads)
        let wish = Switchover(of: lab[old].address, to: .named(lab[new].address))
        let answer = desk.plan(.switchover(wish), in: scene)
        guard let plan = answer.plan else {
            throw PtyProcess.Failure(
                description: "there is no plan: \(answer.reasons.map(\.sentence).joined(separator: "; "))")
        }
        await desk.prepare(plan, in: scene)
        let report = try await desk.run(plan, in: scene)
        guard report.isDone, let blocked = report.writesBlocked else {
            throw PtyProcess.Failure(description: "\(plan.intent) ended otherwise: \(report.ending)")
        }
        return blocked.duration / .milliseconds(1)
    }
}

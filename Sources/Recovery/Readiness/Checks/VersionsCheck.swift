import Refactoring
import Topology

extension ReadinessCheck {
    static let versions = ReadinessCheck("ready.versions", "Servers should be of one release series") {
        view, findings in
        let versions = view.members.compactMap { member in
            member.facts.map { (address: member.address, version: $0.version) }
        }
        let series = Set(versions.map { "\($0.version.flavor.rawValue) \($0.version.major).\($0.version.minor)" })
        guard series.count > 1 else { return }
        findings.append(
            ReadinessFinding(
                "ready.versions", .advice, of: nil,
                "servers of \(series.count) series: whoever is newer can be followed by few",
                measured: versions.map { Measurement("version", of: $0.address, $0.version.text) },
                remedies: [.advice("upgrade all to one series, replicas first")]))
    }
}

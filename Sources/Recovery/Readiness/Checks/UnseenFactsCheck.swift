import Refactoring
import Topology

extension ReadinessCheck {
    static let unseenFacts = ReadinessCheck("ready.privileges", "baton must be able to read what it decides by") {
        view, findings in
        for member in view.members {
            for fact in member.facts?.unavailable ?? [] {
                findings.append(
                    ReadinessFinding(
                        "ready.privileges", .harms, of: member.address,
                        "baton cannot read on \(member.address): \(fact.fact)",
                        measured: [Measurement(fact.fact, of: member.address, "error \(fact.code)")],
                        remedies: fact.remedy.map { remedy in
                            remedy.split(separator: "; ").map { .statement(String($0), on: member.address) }
                        } ?? [.command("baton doctor \(member.address)")]))
            }
        }
    }
}

import Diagnosis
import Topology

extension ConsoleModel {
    /// Whether a filter finds an instance: by a part of a name of it, of its cluster or its place, by the codes in the
    /// columns of its row, or by the beginning of a word in what is said of its state, its role and its problems.
    func isFound(_ needle: SearchNeedle, in address: InstanceAddress) -> Bool {
        if needle.isEmpty || needle.isFound(in: address.description) { return true }
        if let alias = known.cluster(of: address)?.alias, needle.isFound(in: alias) { return true }
        guard let instance = known.fleet[address] else {
            return needle.beginsWord(in: stateWords(address))
        }
        let location = instance.location
        let names = [instance.alias, location.dataCenter, location.region, location.environment]
        if names.contains(where: { $0.map(needle.isFound(in:)) ?? false }) { return true }
        if codes(instance).contains(where: needle.means) { return true }
        return needle.beginsWord(in: words(instance))
    }

    /// The columns between name and state, without the mark of what is amiss.
    private func codes(_ instance: Instance) -> [String] {
        guard let facts = instance.facts else { return [] }
        return [
            facts.writability.isWritable ? "rw" : "ro", InstanceWords.binaryLog(instance).text,
            InstanceWords.positioning(instance).text,
        ]
    }

    /// All that the row says in words and what they are short for, as one text: one search is cheaper than many.
    private func words(_ instance: Instance) -> String {
        var words = StateWords.state(of: instance, self).text + " " + stateWords(instance.address)
        words += " " + Details.role(of: instance, self)
        guard let facts = instance.facts else { return words }
        words += " \(facts.version.text) \(facts.version.flavor.rawValue) \(InstanceWords.words(facts.writability))"
        // Outside of groups and Galera a row without channels says nothing, and one that lags says only by how much.
        if known.problems(of: instance.address).contains(where: { $0.kind == .lag }) { words += " lagging" }
        return words
    }

    private func stateWords(_ address: InstanceAddress) -> String {
        let status = known.diagnosis.status(of: address)
        return known.problems(of: address).reduce("\(status.shape.rawValue) \(status.word)") { words, problem in
            ([words, problem.word, problem.summary] + problem.evidence).joined(separator: " ")
        }
    }
}

import Topology

extension Detector {
    /// Transactions that did not come from the source: after a promotion of this replica its siblings could not follow,
    /// or would get changes that nobody else has.
    static let errantTransactions = Detector { examined, problems in
        let errant = examined.instance.errantTransactions(in: examined.context.fleet)
        let (amount, word): (String, String)
        switch errant {
        case .unknown, .none: return
        case .mysql(let set):
            (amount, word) = (set.transactionCount.counted("errant transaction"), "\(set.transactionCount) errant")
        case .mariadb(let gtids):
            let places = gtids.count.counted("place")
            (amount, word) = ("errant transactions at \(places)", "errant")
        }
        problems.append(
            Problem(
                .errantTransactions, .warning, of: examined.address, word: word,
                summary: "\(examined.address) has \(amount), which its source has not",
                evidence: ["\(errant)"],
                remedy:
                    "Find out what they changed (mysqlbinlog); then inject empty transactions on the primary, or rebuild the replica."
            ))
    }
}

extension Instance {
    /// Its transactions that did not come from its source, where its facts may be taken for the present and for one server.
    func errantTransactions(in fleet: Fleet) -> ErrantTransactions {
        guard let facts = trustedFacts, !facts.channels.isEmpty else { return .unknown }
        return Topology.errantTransactions(of: self, in: fleet)
    }
}

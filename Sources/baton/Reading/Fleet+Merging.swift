import Topology

extension Fleet {
    /// This fleet, which is remembered from an earlier run, with what a crawl found.
    ///
    /// A crawl knows nothing of before: a server that it could not ask, or not in time, is still what it was when it
    /// last answered.
    func merging(_ found: Fleet) -> Fleet {
        var merged = self
        for instance in found.instances {
            guard let before = self[instance.address] else {
                merged.update(instance)
                continue
            }
            if instance.contact == .neverTried { continue }
            merged.update(instance.completed(by: before))
        }
        for (name, address) in found.knownNames {
            // What was kept as a server of its own has turned out to be another one.
            if merged[name]?.address == name { merged.remove(name) }
            merged.addName(name, of: address)
        }
        for (member, alias) in found.givenClusterAliases { merged.setClusterAlias(alias, of: member) }
        return merged
    }
}

extension Instance {
    /// The server with what was known of it before, where it gave no facts now.
    fileprivate func completed(by before: Instance) -> Instance {
        guard facts == nil else { return self }
        var completed = self
        completed.facts = before.facts
        completed.alias = alias ?? before.alias
        completed.location.dataCenter = location.dataCenter ?? before.location.dataCenter
        completed.location.region = location.region ?? before.location.region
        completed.location.environment = location.environment ?? before.location.environment
        completed.contact = contact.continuing(before.contact)
        return completed
    }
}

extension Contact {
    /// The failure of now as the last of an unbroken run, which may have begun before.
    fileprivate func continuing(_ before: Contact) -> Contact {
        guard case .remembered(let lastSeen, let trouble) = before else { return self }
        switch (self, trouble) {
        case (.noAccess(_, _, let failure), .noAccess(let since)?):
            return .noAccess(since: since, lastSeen: lastSeen, failure)
        case (.unreachable(_, _, let failure), .unreachable(let since)?):
            return .unreachable(since: since, lastSeen: lastSeen, failure)
        case (.noAccess(let since, _, let failure), _):
            return .noAccess(since: since, lastSeen: lastSeen, failure)
        case (.unreachable(let since, _, let failure), _):
            return .unreachable(since: since, lastSeen: lastSeen, failure)
        case (.neverTried, _), (.remembered, _), (.reachable, _):
            return self
        }
    }
}

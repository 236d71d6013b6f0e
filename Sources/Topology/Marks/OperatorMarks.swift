/// What operators have said about servers: whose problems are silent, whom to leave alone, who is to be promoted.
///
/// A value as ``Fleet`` is; servers appear by the addresses under which the fleet keeps them.
public struct OperatorMarks: Hashable, Sendable {
    /// Servers whose problems are silent: no alarm is raised of them and no recovery begun. They can still be promoted.
    public var downtimes: [InstanceAddress: Mark<Downtime>]
    /// Servers that operations leave alone.
    public var maintenances: [InstanceAddress: Mark<Maintenance>]
    /// Who is to be promoted rather than others; whoever is not in it is neutral.
    public var promotionRules: [InstanceAddress: Mark<PromotionRule>]
    /// Of the servers in ``downtimes`` that a recovery left behind, those whose place another one took.
    public var replaced: [InstanceAddress: ReplacedPrimary]

    /// Makes marks; by default nobody has said anything.
    public init(
        downtimes: [InstanceAddress: Mark<Downtime>] = [:],
        maintenances: [InstanceAddress: Mark<Maintenance>] = [:],
        promotionRules: [InstanceAddress: Mark<PromotionRule>] = [:],
        replaced: [InstanceAddress: ReplacedPrimary] = [:]
    ) {
        self.downtimes = downtimes
        self.maintenances = maintenances
        self.promotionRules = promotionRules
        self.replaced = replaced
    }

    /// The downtime of a server that counts at that moment.
    public func downtime(of address: InstanceAddress, at moment: Timestamp) -> Mark<Downtime>? {
        downtimes[address].flatMap { $0.isActive(at: moment) ? $0 : nil }
    }

    /// Who took a server's place in a recovery in which it counts as lost at that moment.
    public func replacement(of address: InstanceAddress, at moment: Timestamp) -> ReplacedPrimary? {
        downtime(of: address, at: moment)?.meaning == .lostInRecovery ? replaced[address] : nil
    }

    /// The maintenance of a server that counts at that moment.
    public func maintenance(of address: InstanceAddress, at moment: Timestamp) -> Mark<Maintenance>? {
        maintenances[address].flatMap { $0.isActive(at: moment) ? $0 : nil }
    }

    /// The servers whose problems are silent at that moment.
    public func downtimed(at moment: Timestamp) -> Set<InstanceAddress> {
        Set(downtimes.lazy.filter { $0.value.isActive(at: moment) }.map(\.key))
    }

    /// What is said of a server's promotion at that moment; ``PromotionRule/neutral`` where nothing is.
    public func promotionRule(of address: InstanceAddress, at moment: Timestamp) -> PromotionRule {
        promotionRules[address].flatMap { $0.isActive(at: moment) ? $0.meaning : nil } ?? .neutral
    }

    /// What still counts at that moment or will count later; what has ended is left out.
    public func remaining(at moment: Timestamp) -> OperatorMarks {
        let downtimes = downtimes.filter { $0.value.remains(at: moment) }
        return OperatorMarks(
            downtimes: downtimes,
            maintenances: maintenances.filter { $0.value.remains(at: moment) },
            promotionRules: promotionRules.filter { $0.value.remains(at: moment) },
            replaced: replaced.filter { downtimes[$0.key] != nil })
    }
}

extension OperatorMarks {
    /// These, with what a configured query answered about promotion on servers of which nobody has said anything.
    ///
    /// - Parameter moment: what somebody said counts from then on in place of the query's answer, also that a server is
    ///   neutral.
    public func completed(byAnswersIn fleet: Fleet, at moment: Timestamp) -> OperatorMarks {
        var marks = self
        for instance in fleet.instances {
            guard let word = instance.facts?.attributes.promotionRule, let rule = PromotionRule(word: word),
                !(promotionRules[instance.address]?.isActive(at: moment) ?? false)
            else { continue }
            marks.promotionRules[instance.address] = Mark(
                rule, owner: "configuration", reason: "the query for promotion rules answered so", begins: moment)
        }
        return marks
    }
}

extension Mark {
    fileprivate func remains(at moment: Timestamp) -> Bool { ends.map { moment < $0 } ?? true }
}

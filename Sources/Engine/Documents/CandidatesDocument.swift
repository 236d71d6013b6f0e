import Recovery
import Refactoring
import Storage
import Topology

extension CandidateRanking {
    /// The stable JSON of a ranking.
    public var json: JSON {
        [
            "situation": .string(situation.rawValue),
            "server": .string(failed.description),
            "method": .string(method.rawValue),
            "madeAt": .string(madeAt.description),
            "together": .string(together.description),
            "mostAdvanced": .array(mostAdvanced.map { .string($0.description) }),
            "absent": .array(absent.map { .string($0.description) }),
            "nobodyLeft": nobodyLeft?.json ?? .null,
            "best": best.map { .string($0.instance.description) } ?? .null,
            "candidates": .array(
                ranked.enumerated().map { place, candidate in
                    candidate.json(criterion: criterion(after: place))
                }),
        ]
    }
}

extension Candidate {
    /// - Parameter criterion: by what it stands before the next one.
    fileprivate func json(criterion: CandidateCriterion?) -> JSON {
        [
            "server": .string(instance.description),
            "role": .string(role.rawValue),
            "channel": channel.map { .string($0) } ?? .null,
            "verdict": .string(verdict.word),
            "eligible": .bool(isEligible),
            "beforeNextBy": criterion.map { .string($0.rawValue) } ?? .null,
            "reasons": .array(verdict.reasons.map(\.json)),
            "received": .string(received.description),
            "missing": missing.json,
            "levelling": [
                "donors": .array(levelling.donors.map { .string($0.description) }),
                "remaining": levelling.remaining.json,
                "obstacle": levelling.obstacle.map { .string($0) } ?? .null,
            ],
            "toApply": backlog.amount.json,
            "toApplySeconds": backlog.time.map { .seconds($0) } ?? .null,
            "delaySeconds": .seconds(backlog.delay),
            "errant": .string(errant.description),
            "promotionRule": .string(promotionRule.rawValue),
            "dataCenter": .string(dataCenter.word),
            "region": .string(region.word),
            "version": version.map { .string($0.text) } ?? .null,
            "followers": .array(
                followers.map { follower in
                    [
                        "server": .string(follower.replica.description),
                        "channel": .string(follower.channel),
                        "verdict": .string(follower.verdict.word),
                        "reasons": .array(follower.verdict.reasons.map(\.json)),
                    ]
                }),
            "lost": .array(
                lost.map { replica in
                    [
                        "server": .string(replica.replica.description),
                        "channel": .string(replica.channel),
                        "reasons": .array(replica.reasons.map(\.json)),
                    ]
                }),
            "account": account.json,
            "loss": loss.json,
        ]
    }
}

extension Shortfall {
    fileprivate var json: JSON {
        [
            "words": .string(words),
            "nothing": .bool(isNothing),
            "transactions": transactionCount.map { .number($0) } ?? .null,
            "upperBound": .bool(isUpperBound),
            "bytes": byteCount.map { .number($0) } ?? .null,
            "detail": detail.map { .string($0) } ?? .null,
        ]
    }
}

extension Loss {
    /// The stable JSON of the three figures.
    public var json: JSON {
        [
            "againstReachable": againstReachable.json,
            "ofSource": [
                "missing": ofSource.missing.json,
                "lookedAt": ofSource.lookedAt.map { .string($0.description) } ?? .null,
                "ageSeconds": ofSource.age.map { .seconds($0) } ?? .null,
            ],
            "unapplied": unapplied.json,
            "afterwards": afterwards.json,
            "sentences": .array(sentences.map { .string($0) }),
        ]
    }
}

extension Loss.Afterwards {
    fileprivate var json: JSON {
        switch self {
        case .nothing:
            [
                "known": true, "lost": "nothing", "acknowledgedBy": .array([]), "aloneAfterSeconds": .null,
                "reasons": .array([]),
            ]
        case .unknown(let reasons):
            [
                "known": false, "lost": "unknown", "acknowledgedBy": .array([]), "aloneAfterSeconds": .null,
                "reasons": .array(reasons.map { .string($0) }),
            ]
        case .acknowledged(let replicas, let alone):
            [
                "known": true, "lost": "no acknowledged row",
                "acknowledgedBy": .array(replicas.map { .string($0.description) }),
                "aloneAfterSeconds": alone.map { .seconds($0) } ?? .null, "reasons": .array([]),
            ]
        }
    }
}

extension ReplicationAccount {
    fileprivate var json: JSON {
        switch self {
        case .proven(let users): ["state": "proven", "users": .array(users.map { .string($0) })]
        case .unproven(let users): ["state": "unproven", "users": .array(users.map { .string($0) })]
        case .unnamed(let replicas):
            ["state": "unnamed", "replicas": .array(replicas.map { .string($0.description) })]
        }
    }
}

extension Nearness {
    fileprivate var word: String {
        switch self {
        case .same: "same"
        case .elsewhere(let place): place
        case .unknown: "unknown"
        }
    }
}

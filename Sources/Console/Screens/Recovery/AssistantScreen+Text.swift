import Diagnosis
import Recovery
import Refactoring
import TerminalKit
import Topology

// MARK: - What happened

extension AssistantScreen {
    /// What speaks for acting: the failure with its evidence, the checks of a switchover, what a server that is back has.
    func evidence(_ model: ConsoleModel) -> Details {
        switch matter {
        case .loss: failureDetails(model)
        case .switchover: checkDetails(model)
        case .rejoin: returnDetails(model)
        }
    }

    /// The failure with its evidence; where there is none, why the source is not considered to have failed.
    private func failureDetails(_ model: ConsoleModel) -> Details {
        let analysis = model.known.diagnosis.failures
        let explanation = analysis.explanation(of: source)
        let failure = analysis.failure(of: source)
        var sections = [Details.Section(heading: "", lines: headLines(failure, explanation, model))]
        let seen = explanation?.evidence ?? []
        sections.append(
            Details.Section(
                heading: "what is seen",
                lines: seen.map { evidence in
                    let since = evidence.since.map { [Words(", since \(model.when($0))", .faint)] } ?? []
                    let name = NameWords.full(evidence.server, model.known.fleet)
                    return Details.Line(name, words: [Words(evidence.text.sanitized)] + since)
                }))
        sections += conditions(failure, explanation)
        return Details(sections: sections, hasRunningAge: true)
    }

    private func headLines(
        _ failure: Failure?, _ explanation: FailureExplanation?, _ model: ConsoleModel
    ) -> [Details.Line] {
        guard let failure else {
            let role = explanation.map { ", \($0.role.words)" } ?? ""
            return [
                Details.Line("server", Words("\(source)", .strong), Words(role, .faint)),
                Details.Line("state", Words("it is not considered to have failed", .good)),
                Details.Line("what helps", Words(switchoverAdvice(explanation))),
            ]
        }
        let names = [failure.code.rawValue, failure.code.orchestratorName].compactMap { $0 }.joined(separator: ", ")
        var lines = [
            Details.Line("failure", Words(failure.summary.sanitized, .bad), Words(" (\(names))", .faint)),
            Details.Line("cluster", Words(clusterName(model).sanitized, .strong)),
        ]
        if let since = failure.since { lines.append(Details.Line("since", Words(model.when(since)))) }
        if let seen = failure.lastSeen { lines.append(Details.Line("last seen", Words(model.when(seen)))) }
        if let advice = failure.advice { lines.append(Details.Line("look at", Words(advice.sanitized, .warning))) }
        for silence in failure.suppressions {
            lines.append(Details.Line("silent", Words(model.localized(silence.words))))
        }
        switch failure.recovery {
        case .by(let call): lines.append(Details.Line("would help", Words(call.words)))
        case .none(let reason): lines.append(Details.Line("no recovery", Words(reason, .warning)))
        }
        return lines
    }

    private func switchoverAdvice(_ explanation: FailureExplanation?) -> String {
        switch explanation?.role {
        case .primary?, .coPrimary?:
            "a switchover (:switchover \(source)) hands its writes over while it lives, and loses nothing; a failover gives "
                + "up what only it has"
        case .groupMember?: "its group decides about its primary"
        case .intermediateSource?: "its replicas can be moved (:relocate-replicas \(source)) while it lives"
        case .replica?, nil: "nobody depends on it"
        }
    }

    /// Which conditions hold for what was found; of other failures with a recovery, the nearest, with what they lack.
    private func conditions(_ failure: Failure?, _ explanation: FailureExplanation?) -> [Details.Section] {
        guard let explanation else { return [] }
        var sections: [Details.Section] = []
        if let failure, let own = explanation.answers.first(where: { $0.code == failure.code }) {
            sections.append(
                Details.Section(
                    heading: "why it is taken for that",
                    lines: own.conditions.map { condition in
                        Details.Line(
                            condition.holds ? "so it is" : "not so", Words(condition.words),
                            Words(": \(condition.measured)".sanitized, .faint))
                    }))
        }
        guard failure?.recovery.kind == nil else { return sections }
        let near = explanation.answers.filter { !$0.holds && $0.code.recovery.kind != nil }
            .sorted { $0.missing < $1.missing }.prefix(3)
        for answer in near {
            sections.append(
                Details.Section(
                    heading: "why it is not: \(answer.code.word) (\(answer.code.rawValue))",
                    lines: answer.conditions.filter { !$0.holds }.map { condition in
                        Details.Line(
                            "not so", Words(condition.words), Words(": \(condition.measured)".sanitized, .faint))
                    }))
        }
        return sections
    }
}

// MARK: - Who takes over

extension AssistantScreen {
    /// All that is to be said of the candidate under the cursor.
    func candidateDetails(_ model: ConsoleModel) -> Details {
        if case .rejoin = matter { return placeDetails(model) }
        guard let ranking else { return Details(sections: [], hasRunningAge: false) }
        guard let candidate = selected else {
            let words = isAdoption ? "each replica goes below the server that is best for it" : "nobody could take over"
            return Details(
                sections: [
                    Details.Section(
                        heading: "", lines: [Details.Line("choice", Words(words))] + absentLines(ranking))
                ], hasRunningAge: false)
        }
        return Details(
            sections: [
                Details.Section(heading: "", lines: standing(candidate, ranking)),
                Details.Section(
                    heading: "what is lost with it",
                    lines: ranking.situation.sourceLives ? [] : Self.lossLines(candidate.loss)),
                Details.Section(heading: "for and against", lines: Details.reasons(candidate.verdict.reasons)),
                Details.Section(heading: "who follows", lines: company(candidate) + absentLines(ranking)),
            ], hasRunningAge: false)
    }

    private func standing(_ candidate: Candidate, _ ranking: CandidateRanking) -> [Details.Line] {
        var lines: [Details.Line] = []
        let place = ranking.ranked.firstIndex { $0.instance == candidate.instance } ?? 0
        if let criterion = ranking.criterion(after: place), candidate.isEligible {
            let next = ranking.ranked[place + 1].instance
            lines.append(Details.Line("why", Words("before \(next) because \(criterion.because)")))
        }
        if place > 0, let criterion = ranking.criterion(after: place - 1) {
            let before = ranking.ranked[place - 1].instance
            lines.append(Details.Line("why not first", Words("\(before) goes before it because \(criterion.because)")))
        }
        let detail = candidate.missing.detail.map { [Words(" (\($0))", .faint)] } ?? []
        let misses = candidate.missing
        lines.append(
            Details.Line(
                "misses",
                words: [Words(misses.words, misses.isNothing ? .good : .warning)] + detail
                    + [Words(", compared by \(ranking.measureWords)", .faint)]))
        if !candidate.levelling.donors.isEmpty {
            let donors = candidate.levelling.donors.map(\.description).joined(separator: ", then ")
            lines.append(Details.Line("fetches first", Words("that, from \(donors)")))
        }
        if let obstacle = candidate.levelling.obstacle { lines.append(Details.Line("", Words(obstacle, .warning))) }
        if !candidate.backlog.amount.isNothing {
            let time = candidate.backlog.time.map { ", about \($0.inWords)" } ?? ", nobody knows for how long"
            lines.append(Details.Line("applies first", Words(candidate.backlog.amount.words), Words(time, .faint)))
        }
        return lines
    }

    /// The three figures, each for itself.
    static func lossLines(_ loss: Loss) -> [Details.Line] {
        loss.sentences.enumerated().map { Details.Line("\($0.offset + 1)", Words($0.element)) }
    }

    private func company(_ candidate: Candidate) -> [Details.Line] {
        let followers = candidate.followers.map(\.replica.description).joined(separator: ", ")
        var lines = [Details.Line("follow it", Words(followers.isEmpty ? "nobody" : followers))]
        for lost in candidate.lost {
            let why = lost.reasons.first?.sentence ?? ""
            lines.append(Details.Line("lost", Words("\(lost.replica)", .bad), Words(": \(why)")))
        }
        switch candidate.account {
        case .proven: break
        case .unproven(let users) where !users.isEmpty:
            let words = "whether \(users.joined(separator: ", ")) can log in there is not known"
            lines.append(Details.Line("account", Words(words, .warning)))
        case .unproven: break
        case .unnamed(let replicas):
            let names = replicas.map(\.description).joined(separator: ", ")
            lines.append(Details.Line("account", Words("none is seen of \(names)", .warning)))
        }
        return lines
    }

    private func absentLines(_ ranking: CandidateRanking) -> [Details.Line] {
        guard !ranking.absent.isEmpty else { return [] }
        let names = ranking.absent.map(\.description).joined(separator: ", ")
        return [Details.Line("not counted", Words("\(names): no answer, and what is there is not known", .warning))]
    }
}

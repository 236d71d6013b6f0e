import Refactoring

extension RulePages {
    /// The list of what may be said against candidates, in Markdown, as `docs/candidates.md` holds it.
    public static func candidateIndex() -> String {
        """

        ## Rules of candidates

        What may be said against a server's taking another's place. `baton candidates` prints it, and `baton rules ID` \
        explains it.

        | rule | asks for | gravest answer |
        |---|---|---|

        """
            + CandidateRule.explanations.map { "| \($0.id) | \($0.title) | \($0.gravity.word) |\n" }.joined()
    }
}

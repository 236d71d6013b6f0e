/// The documentation of rules and conditions, as `docs/rules/` holds it: written by themselves, so that it cannot differ.
public enum RulePages {
    /// One page in Markdown.
    public static func page(of explanation: Explanation) -> String {
        let contexts = RuleContext.allCases.filter { explanation.contexts.contains($0) }.map(\.rawValue)
        let occasion = contexts.isEmpty ? "the making of a plan" : contexts.joined(separator: ", ")
        return """
            # \(explanation.id)

            \(explanation.title).

            | | |
            |---|---|
            | gravest answer | \(explanation.gravity.word) |
            | speaks in | \(occasion) |

            ## Why

            \(explanation.why)

            ## What helps

            \(explanation.remedy)

            """
    }

    /// The name of a page's file: `gtid.purged.md`.
    public static func fileName(of explanation: Explanation) -> String { "\(explanation.id).md" }

    /// The list of all pages in Markdown, by name.
    public static func index() -> String {
        introduction + rows(Explanation.rules) + conditions + rows(Explanation.conditions)
    }

    private static func rows(_ explanations: [Explanation]) -> String {
        explanations.sorted { $0.id < $1.id }.map { explanation in
            "| [\(explanation.id)](\(fileName(of: explanation))) | \(explanation.title) | \(explanation.gravity.word) |\n"
        }.joined()
    }

    private static let introduction = """
        # Rules

        Under which servers a replica may be put. baton asks every rule about every possible target; a rule has nothing against
        it, or it objects with what it measured, and with what would help. `baton why REPLICA TARGET` prints all answers.

        - `warn`: good to know.
        - `confirm`: only after somebody has said that they know.
        - `refuse`: not at all.

        A rule speaks in some contexts: in a `move` between living servers, in a `takeover` from a living source, in a
        `recovery` after the source has died. It judges what the last poll read; the plan asks the servers once more before it
        changes anything. What a rule needs and baton may not read is never taken for a yes.

        These pages are printed by `baton rules`, and one of them by `baton rules ID`.

        | rule | asks for | gravest answer |
        |---|---|---|

        """

    private static let conditions = """

        ## Conditions of plans

        What has to be so, besides the rules, for a plan to be made of what was asked: that there is something to do, and a way
        to do it. They are printed with the plan, or in its place.

        | condition | asks for | answer |
        |---|---|---|

        """
}

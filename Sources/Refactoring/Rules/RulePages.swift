/// The documentation of rules, as `docs/rules/` holds it: written by the rules themselves, so that it cannot differ.
public enum RulePages {
    /// The page of one rule in Markdown.
    public static func page(of rule: Rule) -> String {
        let contexts = RuleContext.allCases.filter { rule.contexts.contains($0) }.map(\.rawValue)
        return """
            # \(rule.id)

            \(rule.title).

            | | |
            |---|---|
            | gravest answer | \(rule.gravity.word) |
            | speaks in | \(contexts.joined(separator: ", ")) |

            ## Why

            \(rule.why)

            ## What helps

            \(rule.remedy)

            """
    }

    /// The name of a rule's file: `gtid.purged.md`.
    public static func fileName(of rule: Rule) -> String { "\(rule.id).md" }

    /// The list of all rules in Markdown, by name.
    public static func index() -> String {
        let rows = Rule.all.sorted { $0.id < $1.id }.map { rule in
            "| [\(rule.id)](\(fileName(of: rule))) | \(rule.title) | \(rule.gravity.word) |\n"
        }
        return introduction + rows.joined()
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

        These pages are printed by `baton rules`.

        | rule | asks for | gravest answer |
        |---|---|---|

        """
}

/// A command as it is given to the shell.
public struct HookCommand: Hashable, Sendable {
    /// Without the `&` at its end.
    public let text: String
    /// Whether nobody waits for it.
    public let isAsynchronous: Bool
    /// Whether the shell lets go of it.
    private var isDetached = false

    /// The same, in a shell that leaves it to itself and ends at once.
    var detached: HookCommand {
        var other = self
        other.isDetached = true
        return other
    }

    /// What the shell is called with.
    var arguments: [String] {
        isDetached
            ? ["-c", "bash -c \"$1\" </dev/null >/dev/null 2>&1 &", "baton-hook", text] : ["-c", text]
    }

    /// That a value cannot stand in shell text.
    public struct Refusal: Error, Hashable, CustomStringConvertible {
        public let placeholder: String
        /// The name of the variable in which the hook gets the value instead, where there is one.
        public let variable: String?

        public var description: String {
            "the value of {\(placeholder)} holds characters that a shell may take for something else, and is not put into "
                + "the command" + (variable.map { "; use \"$BATON_\($0)\" there" } ?? "")
        }
    }

    /// Puts values in place of placeholders.
    ///
    /// Only what cannot mean anything to a shell is put there; everything else a hook takes from its environment. An empty
    /// value is put as nothing.
    ///
    /// - Throws: ``Refusal``.
    public init(_ template: String, _ facts: HookFacts) throws(Refusal) {
        var text = template[...]
        while text.last?.isWhitespace == true { text.removeLast() }
        isAsynchronous = text.hasSuffix("&") && !text.hasSuffix("&&")
        if isAsynchronous { text.removeLast() }
        self.text = try Self.filled(String(text), facts)
    }

    private static func filled(_ template: String, _ facts: HookFacts) throws(Refusal) -> String {
        var values: [String: HookFacts.Value] = [:]
        for value in facts.values { for name in value.placeholders { values[name] = value } }
        var result = ""
        var rest = template[...]
        while let open = rest.firstIndex(of: "{") {
            result += rest[..<open]
            let inside = rest[rest.index(after: open)...]
            // `${failedHost}` is a variable of the shell's.
            if result.last != "$", let close = inside.firstIndex(of: "}"), let value = values[String(inside[..<close])]
            {
                let name = String(inside[..<close])
                guard isSafe(value.text) else { throw Refusal(placeholder: name, variable: value.variable) }
                result += value.text
                rest = inside[inside.index(after: close)...]
            } else {
                result += "{"
                rest = inside
            }
        }
        return result + rest
    }

    /// Letters and digits of ASCII and what addresses and names are made of; not at the beginning a dash, which would make
    /// an option of it.
    static func isSafe(_ text: String) -> Bool {
        text.first != "-"
            && text.unicodeScalars.allSatisfy { scalar in
                switch scalar {
                case "a"..."z", "A"..."Z", "0"..."9", ".", "_", ":", ",", "-", "/", "@", "+", "=", "%": true
                default: false
                }
            }
    }
}

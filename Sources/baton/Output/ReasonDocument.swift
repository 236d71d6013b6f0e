import Refactoring
import Storage
import Topology

extension Remedy {
    fileprivate var json: JSON {
        switch self {
        case .statement(let text, let server):
            ["kind": "statement", "address": .string(server.description), "text": .string(text)]
        case .optionFile(let line, let server):
            ["kind": "option-file", "address": .string(server.description), "text": .string(line)]
        case .target(let address, let why):
            ["kind": "target", "address": .string(address.description), "text": .string(why)]
        case .command(let command): ["kind": "command", "address": .null, "text": .string(command)]
        case .advice(let sentence): ["kind": "advice", "address": .null, "text": .string(sentence)]
        }
    }
}

extension Reason {
    /// The measured values and what would help, a line each.
    var details: [String] {
        measured.map { value in "\(value.name)\(value.instance.map { " of \($0)" } ?? ""): \(value.value)" }
            + remedies.map { "to mend it: \($0.words)" }
    }

    /// The objection in lines: its gravity, its rule and what it says, and below it the details.
    var lines: [String] {
        let word = gravity.word
        let head = word + String(repeating: " ", count: max(1, 9 - word.count)) + "\(rule): \(sentence)"
        return [head] + details.map { "         " + $0 }
    }

    /// The stable JSON of an objection, wherever a command prints one.
    var json: JSON {
        [
            "rule": .string(rule.rawValue),
            "gravity": .string(gravity.word),
            "sentence": .string(sentence),
            "measured": .array(
                measured.map { value in
                    [
                        "name": .string(value.name),
                        "address": value.instance.map { .string($0.description) } ?? .null,
                        "value": .string(value.value),
                    ]
                }),
            "remedies": .array(remedies.map(\.json)),
        ]
    }
}

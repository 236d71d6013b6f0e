import Refactoring
import Storage
import Topology

extension Remedy {
    /// The stable JSON of what would help.
    public var json: JSON {
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

extension Measurement {
    /// The stable JSON of a value that was measured.
    public var json: JSON {
        [
            "name": .string(name),
            "address": instance.map { .string($0.description) } ?? .null,
            "value": .string(value),
        ]
    }
}

extension Reason {
    /// The stable JSON of an objection, wherever a command prints one.
    public var json: JSON {
        [
            "rule": .string(rule.rawValue),
            "gravity": .string(gravity.word),
            "sentence": .string(sentence),
            "measured": .array(measured.map(\.json)),
            "remedies": .array(remedies.map(\.json)),
        ]
    }
}

extension Verdict {
    /// `allowed`, `warn`, `confirm` or `refuse`.
    public var word: String {
        switch self {
        case .allowed: "allowed"
        case .warns: "warn"
        case .needsConfirmation: "confirm"
        case .refused: "refuse"
        }
    }
}

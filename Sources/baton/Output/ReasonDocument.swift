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

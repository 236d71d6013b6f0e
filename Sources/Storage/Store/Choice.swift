import GRDB

/// The conditions of a query, gathered one by one.
struct Choice {
    private var conditions: [String] = []
    private(set) var arguments = StatementArguments()

    mutating func require(_ condition: String, _ values: StatementArguments = []) {
        conditions.append(condition)
        arguments += values
    }

    /// One of several words, or any where none is given.
    mutating func requireOne(of words: [String], in column: String) {
        guard !words.isEmpty else { return }
        let marks = words.map { _ in "?" }.joined(separator: ", ")
        require("\(column) IN (\(marks))", StatementArguments(words))
    }

    /// The clause with its `WHERE`; empty where everything is wanted.
    var sql: String { conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ") }
}

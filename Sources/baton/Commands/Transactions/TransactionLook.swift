import Refactoring
import Servers
import Storage
import Topology

/// Which transactions a server has that others lack, read from its binary logs because somebody asked.
struct TransactionLook {
    /// What they are, in a few words: "of db1:3306 alone".
    let title: String
    let server: InstanceAddress
    let result: Result<LoggedTransactions, LookFailure>

    /// That the logs cannot be read, and why: the answer besides holds all the same.
    struct LookFailure: Error {
        let reason: String
    }

    init(_ title: String, _ wanted: WantedTransactions, on server: InstanceAddress, _ book: AccessBook) async {
        self.title = title
        self.server = server
        do {
            let connection = try await Connection.open(to: server, settings: book.settings(for: server))
            defer { connection.close() }
            result = .success(try await BinaryLogSearch(connection).transactions(wanted))
        } catch {
            result = .failure(LookFailure(reason: "\(error)"))
        }
    }

    init(_ title: String, on server: InstanceAddress, _ result: Result<LoggedTransactions, LookFailure>) {
        self.title = title
        self.server = server
        self.result = result
    }

    /// A line each, with a last one where there are more.
    var lines: [String] {
        let head = "transactions \(title), as the binary logs of \(server) have them:"
        switch result {
        case .failure(let failure): return [head, "  they cannot be read: \(failure.reason)"]
        case .success(let transactions):
            let found = transactions.found.map { transaction in
                let changes = transaction.changes.map { ($0.kind + " " + $0.target).trimmed }.joined(separator: ", ")
                return "  \(transaction.gtid)  \(transaction.file):\(transaction.position)  \(transaction.size) B  "
                    + (changes.isEmpty ? "changes nothing" : changes)
            }
            let rest: [String] =
                switch transactions.end {
                case .complete: found.isEmpty ? ["  none is in a log that is left"] : []
                case .more: ["  and more: these are the first \(found.count)"]
                case .outOfTime: ["  perhaps more: the logs were not read to their end in time"]
                }
            return [head] + found + rest
                + (found.isEmpty ? [] : ["  when, and with which values: mysqlbinlog --verbose"])
        }
    }

    /// The stable JSON.
    var json: JSON {
        var members: [JSON.Member] = [
            JSON.Member("which", .string(title)), JSON.Member("server", .string(server.description)),
        ]
        switch result {
        case .failure(let failure):
            members += [
                JSON.Member("end", .null), JSON.Member("error", .string(failure.reason)),
                JSON.Member("transactions", .array([])),
            ]
        case .success(let transactions):
            members += [
                JSON.Member("end", .string(transactions.end.rawValue)), JSON.Member("error", .null),
                JSON.Member("transactions", .array(transactions.found.map(\.json))),
            ]
        }
        return .object(members)
    }
}

extension LoggedTransaction {
    fileprivate var json: JSON {
        [
            "gtid": .string(gtid), "file": .string(file), "position": .number(position), "bytes": .number(size),
            "changes": .array(changes.map { ["kind": .string($0.kind), "target": .string($0.target)] }),
        ]
    }
}

extension String {
    fileprivate var trimmed: String { hasSuffix(" ") ? String(dropLast()) : self }
}

extension WantedTransactions {
    /// What a refused rejoin has measured: the set that only the old primary has; `nil` where it was refused for something
    /// else.
    init?(refusedBy reasons: [Reason]) {
        let rule = RejoinCondition.diverged.rawValue
        guard let text = reasons.first(where: { $0.rule.rawValue == rule })?.measured.first?.value else { return nil }
        if let set = try? GTIDSet(parsing: text), !set.isEmpty {
            self = .set(set)
            return
        }
        let stretches = text.split(separator: ", ").compactMap { Self.stretch($0) }
        if stretches.isEmpty { return nil }
        self = .stretches(stretches)
    }

    /// `0-1-7 to 0-1-9`, `0-1-7`, or `up to 0-1-9`.
    private static func stretch(_ text: Substring) -> Stretch? {
        if text.hasPrefix("up to ") {
            return (try? MariaDBGTID(parsing: String(text.dropFirst(6)))).map { Stretch(after: 0, last: $0) }
        }
        let ends = text.split(separator: " to ").compactMap { try? MariaDBGTID(parsing: String($0)) }
        guard let first = ends.first, let last = ends.last, first.sequence > 0 else { return nil }
        return Stretch(after: first.sequence - 1, last: last)
    }
}

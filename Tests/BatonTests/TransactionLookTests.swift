import Refactoring
import Servers
import TestSupport
import Testing
import Topology

@testable import baton

@Suite("Transactions that are looked up")
struct TransactionLookTests {
    private func wanted(_ value: String, rule: RejoinCondition = .diverged) -> WantedTransactions? {
        WantedTransactions(refusedBy: [
            Reason(rule, "x", measured: [Measurement("transactions", of: "db1", value)], remedies: [.advice("look")])
        ])
    }

    @Test("are those that a refused rejoin has measured")
    func measured() throws {
        let set = "00000000-0000-0000-0000-000000000001:5-9"
        #expect(wanted(set) == .set(try GTIDSet(parsing: set)))
        #expect(wanted(set, rule: .follows) == nil)
        let last = MariaDBGTID(domain: 0, server: 1, sequence: 9)
        #expect(
            wanted("0-1-7 to 0-1-9, 0-2-4, up to 1-1-3")
                == .stretches([
                    .init(after: 6, last: last), .init(after: 3, last: MariaDBGTID(domain: 0, server: 2, sequence: 4)),
                    .init(after: 0, last: MariaDBGTID(domain: 1, server: 1, sequence: 3)),
                ]))
        #expect(wanted("nonsense") == nil)
    }

    @Test("are told one a line, with what is left out")
    func lines() {
        let one = LoggedTransaction(
            gtid: "0-1-7", file: "binlog.000002", position: 4, size: 90,
            changes: [.init("insert", "shop.orders"), .init("CREATE TABLE", "")])
        let look = TransactionLook("of db1 alone", on: "db1", .success(LoggedTransactions([one], end: .more)))
        #expect(look.lines[1] == "  0-1-7  binlog.000002:4  90 B  insert shop.orders, CREATE TABLE")
        #expect(look.lines[2] == "  and more: these are the first 1")
        let none = TransactionLook("of db1 alone", on: "db1", .failure(.init(reason: "refused")))
        #expect(none.lines.last == "  they cannot be read: refused")
    }
}

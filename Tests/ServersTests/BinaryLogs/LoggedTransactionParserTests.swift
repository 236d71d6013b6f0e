import Testing
import Topology

@testable import Servers

@Suite("Transactions of a binary log")
struct LoggedTransactionParserTests {
    private static let uuid = "00000000-0000-0000-0000-000000000001"

    private func parse(_ wanted: WantedTransactions, _ events: [(String, String)]) -> [LoggedTransaction] {
        var parser = LoggedTransactionParser(file: "binlog.000001", wanted: wanted)
        let columns = ["Log_name", "Pos", "Event_type", "Server_id", "End_log_pos", "Info"]
        var rows: [[String?]] = []
        for (index, event) in events.enumerated() {
            rows.append(["binlog.000001", "\(index * 10)", event.0, "1", "\(index * 10 + 10)", event.1])
        }
        // Pages end anywhere.
        let middle = rows.count / 2
        parser.take(ResultSet(columns: columns, rows: Array(rows[..<middle])))
        parser.take(ResultSet(columns: columns, rows: Array(rows[middle...])))
        parser.finish()
        #expect(parser.next == UInt64(events.count * 10))
        return parser.found
    }

    @Test("of MySQL are put together from their events, without values")
    func mysql() throws {
        let found = parse(
            .set(try GTIDSet(parsing: "\(Self.uuid):2-4")),
            [
                ("Format_desc", "Server ver: 9.7.0"), ("Previous_gtids", ""),
                ("Gtid", "SET @@SESSION.GTID_NEXT= '\(Self.uuid):1'"), ("Query", "BEGIN"),
                ("Table_map", "table_id: 91 (shop.other)"), ("Write_rows", "table_id: 91 flags: STMT_END_F"),
                ("Xid", "COMMIT /* xid=1 */"),
                ("Gtid", "SET @@SESSION.GTID_NEXT= '\(Self.uuid):2'"), ("Query", "BEGIN"),
                ("Table_map", "table_id: 92 (shop.orders)"), ("Write_rows", "table_id: 92 flags: STMT_END_F"),
                ("Table_map", "table_id: 92 (shop.orders)"), ("Write_rows", "table_id: 92 flags: STMT_END_F"),
                ("Table_map", "table_id: 93 (shop.items)"), ("Update_rows", "table_id: 93 flags: STMT_END_F"),
                ("Xid", "COMMIT /* xid=2 */"),
                ("Gtid", "SET @@SESSION.GTID_NEXT= '\(Self.uuid):3'"),
                ("Query", "use `shop`; CREATE TABLE secret (id INT)"),
                ("Gtid", "SET @@SESSION.GTID_NEXT= '\(Self.uuid):4'"), ("Transaction_payload", "compression='ZSTD'"),
                ("Rotate", "binlog.000002;pos=4"),
            ])
        #expect(found.map(\.gtid) == ["\(Self.uuid):2", "\(Self.uuid):3", "\(Self.uuid):4"])
        #expect(
            found.map(\.changes) == [
                [.init("insert", "shop.orders"), .init("update", "shop.items")],
                [.init("CREATE TABLE", "shop")], [.init("compressed", "")],
            ])
        #expect(found.map(\.position) == [70, 160, 180])
        #expect(found.map(\.size) == [90, 20, 20])
    }

    @Test("of MariaDB are those of the server and domain, after the number that both have")
    func mariadb() {
        let last = MariaDBGTID(domain: 0, server: 1, sequence: 9)
        let found = parse(
            .stretches([.init(after: 7, last: last)]),
            [
                ("Gtid_list", "[0-1-6]"), ("Gtid", "BEGIN GTID 0-1-7"), ("Query_compressed", "DELETE FROM a"),
                ("Gtid", "BEGIN GTID 0-1-8"), ("Annotate_rows", "INSERT INTO orders VALUES ('secret')"),
                ("Table_map", "table_id: 18 (shop.orders)"), ("Write_rows_v1", "table_id: 18 flags: STMT_END_F"),
                ("Xid", "COMMIT"), ("Gtid", "GTID 0-2-9"), ("Query", "DROP TABLE x"),
                ("Gtid", "BEGIN GTID 0-1-9"), ("Query", "use `shop`; DELETE FROM orders WHERE name = 'secret'"),
                ("Gtid", "BEGIN GTID 0-1-10"), ("Query", "DELETE FROM a"),
            ])
        #expect(found.map(\.gtid) == ["0-1-8", "0-1-9"])
        #expect(found.map(\.changes) == [[.init("insert", "shop.orders")], [.init("DELETE", "shop")]])
    }
}

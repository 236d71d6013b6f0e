import TestSupport
import Testing
import Topology

@Suite("Server versions")
struct ServerVersionTests {
    @Test(
        "flavour and numbers are read from what servers say",
        arguments: [
            ("8.0.36", "MySQL Community Server - GPL", .mysql, 8, 0, 36),
            ("5.7.44-log", "", .mysql, 5, 7, 44), ("9.7.0", "Source distribution", .mysql, 9, 7, 0),
            ("8.0.36-28", "Percona Server (GPL), Release 28, Revision 47601f19", .percona, 8, 0, 36),
            ("8.4.3-3.1", "Percona XtraDB Cluster (GPL), Release rel3", .percona, 8, 4, 3),
            ("5.5.5-10.11.6-MariaDB-1:10.11.6+maria~ubu2204", "", .mariadb, 10, 11, 6),
            ("11.8.2-MariaDB-ubu2404", "mariadb.org binary distribution", .mariadb, 11, 8, 2),
            ("10.6.16", "MariaDB Server", .mariadb, 10, 6, 16), ("5.5.5-m3", "", .mysql, 5, 5, 5),
            ("", "", .mysql, 0, 0, 0), ("banana", "", .mysql, 0, 0, 0), ("8", "", .mysql, 8, 0, 0),
            ("99999999999999999999.1.2", "", .mysql, 0, 1, 2), ("٨.٠.١", "", .mysql, 0, 0, 0),
        ] as [(String, String, ServerVersion.Flavor, Int, Int, Int)])
    func parsing(text: String, comment: String, flavor: ServerVersion.Flavor, major: Int, minor: Int, patch: Int) {
        let version = ServerVersion(parsing: text, comment: comment)
        #expect(version == ServerVersion(flavor: flavor, major: major, minor: minor, patch: patch, text: text))
    }

    @Test("releases compare as numbers, and never across families")
    func comparison() {
        let old = ServerVersion(parsing: "8.0.9")
        #expect(!old.isAtLeast(8, 0, 22))
        #expect(ServerVersion(parsing: "8.0.22").isAtLeast(8, 0, 22))
        #expect(old.isOlder(than: ServerVersion(parsing: "8.0.22")) == true)
        #expect(
            ServerVersion(parsing: "10.4.1-MariaDB").isOlder(than: ServerVersion(parsing: "10.11.1-MariaDB")) == true)
        #expect(old.isOlder(than: ServerVersion(parsing: "10.11.1-MariaDB")) == nil)
        #expect(old.isOlder(than: ServerVersion(parsing: "8.4.0-1", comment: "Percona Server")) == true)
    }

    @Test("no text crashes the parser")
    func fuzz() {
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<5_000 {
            let version = ServerVersion(
                parsing: generator.text(from: ["5.5.5-", "8", ".", "-", "MariaDB", "²", "9999999999", "0"]))
            #expect(version.major >= 0)
        }
    }
}

@Suite("Server UUIDs")
struct ServerUUIDTests {
    @Test("the three notations of the server are read, one is printed")
    func notations() {
        let printed = "3e11fa47-71ca-11e1-9e33-c80aa9429562"
        for text in [printed, printed.uppercased(), "{\(printed)}", "3e11fa4771ca11e19e33c80aa9429562"] {
            #expect(ServerUUID(text)?.description == printed)
        }
        for text in [
            "", "x", printed + "0", String(printed.dropLast()), "{3e11fa4771ca11e19e33c80aa9429562}",
            "3e11fa47071ca-11e1-9e33-c80aa942956",
        ] {
            #expect(ServerUUID(text) == nil)
        }
    }

    @Test("random UUIDs come back from their printed form and sort as it does")
    func roundTrip() {
        var generator = SeededGenerator(seed: 8)
        for _ in 0..<2_000 {
            let left = ServerUUID(high: generator.next() & (0xF << 60), low: generator.next())
            let right = ServerUUID(high: generator.next() & (0xF << 60), low: generator.next())
            #expect(ServerUUID(left.description) == left)
            #expect((left < right) == (left.description < right.description))
        }
    }
}

@Suite("Binary log positions")
struct BinlogPositionTests {
    private func position(_ text: String) throws -> BinlogPosition { try BinlogPosition(parsing: text) }

    @Test("files count by the number at their end, not by their text")
    func order() throws {
        let ascending = try [
            "binlog.000009:500", "binlog.000010:4", "binlog.999999:4", "binlog.1000000:4", "binlog.1000000:5",
            "binlog.99999999999999999999999:1", "other.000001:4",
        ].map(position)
        #expect(ascending.reversed().sorted() == ascending)
        #expect(try position("binlog.000010:4").fileNumber == 10)
        #expect(try position("binlog:4").fileNumber == nil)
    }

    @Test("positions of different logs sort, but say that they cannot be compared")
    func baseNames() throws {
        #expect(try position("a.000002:4").isComparable(with: position("a.000010:4")))
        #expect(try !position("a.000002:4").isComparable(with: position("b.000002:4")))
    }

    @Test("order and equality agree")
    func consistency() throws {
        let all = try ["a.1:1", "a.01:1", "a.1:2", "a.2:1", "a:1", "b.1:1", "a.:1", "a.x:1"].map(position)
        for left in all {
            for right in all {
                #expect([left < right, right < left, left == right].filter { $0 }.count == 1)
            }
        }
    }

    @Test("the printed form is read back; anything else is refused")
    func parsing() throws {
        #expect(try position("mysql-bin.000042:1234").description == "mysql-bin.000042:1234")
        #expect(try position("c:\\log.000042:1234").file == "c:\\log.000042")
        for text in ["", "x", ":4", "x:", "x:-1", "x:y", "x:99999999999999999999", "x\u{1B}:4"] {
            #expect(throws: ParsingError.self) { try BinlogPosition(parsing: text) }
        }
    }
}

@Suite("Timestamps")
struct TimestampTests {
    @Test(
        "times are read as RFC 3339 writes them",
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("2026-03-01T03:12:07Z", 1_772_334_727_000_000),
            ("2026-03-01 03:12:07", 1_772_334_727_000_000), ("2026-03-01T05:12:07.5+02:00", 1_772_334_727_500_000),
            ("2026-03-01T03:12:07.1234569z", 1_772_334_727_123_456), ("1969-12-31T23:59:59.999999Z", -1),
            ("2000-02-29T00:00Z", 951_782_400_000_000), ("2016-12-31T23:59:60Z", 1_483_228_800_000_000),
        ])
    func parsing(text: String, microseconds: Int64) throws {
        #expect(try Timestamp(parsing: text).microseconds == microseconds)
    }

    @Test(
        "what is no time is refused",
        arguments: [
            "", "now", "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-01-01", "2026-01-01T24:00:00Z",
            "2026-01-01T00:00:00.Z", "2026-01-01T00:00:00Zx", "1900-02-29T00:00:00Z", "2026-1-1T0:0:0Z",
            "2026-01-01T00:00:00+", "+999999-01-01T00:00:00Z",
        ])
    func refusals(text: String) {
        #expect(throws: ParsingError.self) { try Timestamp(parsing: text) }
    }

    @Test("as many decimals are printed as the moment needs")
    func printing() {
        #expect(Timestamp(microseconds: 0).description == "1970-01-01T00:00:00Z")
        #expect(Timestamp(microseconds: 1_500_000).description == "1970-01-01T00:00:01.500Z")
        #expect(Timestamp(microseconds: -1).description == "1969-12-31T23:59:59.999999Z")
        #expect(Timestamp.testNow.description == "2026-03-01T00:00:00Z")
    }

    @Test("random moments come back from their printed form")
    func roundTrip() throws {
        var generator = SeededGenerator(seed: 9)
        for _ in 0..<5_000 {
            let range = Bool.random(using: &generator) ? Int64(4_102_444_800_000_000) : Int64.max / 2
            let moment = Timestamp(microseconds: Int64.random(in: -range...range, using: &generator))
            #expect(try Timestamp(parsing: moment.description) == moment)
        }
    }

    @Test("no text crashes the parser")
    func fuzz() {
        var generator = SeededGenerator(seed: 10)
        for _ in 0..<10_000 {
            let text = generator.text(from: ["2026", "-", "01", ":", "T", "Z", ".", "+", "9", "-000001"])
            guard let moment = try? Timestamp(parsing: text) else { continue }
            #expect((try? Timestamp(parsing: moment.description)) == moment)
        }
    }
}

@Suite("Sanitised text")
struct SanitizedTests {
    @Test(
        "control, bidirectional and invisible characters go, line ends become one space",
        arguments: [
            ("plain", "plain"), ("\u{1B}[31mred\u{1B}[0m", "[31mred[0m"), ("a\u{9B}2Jb", "a2Jb"), ("a\r\n\tb", "a b"),
            ("a\u{202E}b\u{2066}c", "abc"), ("\u{FEFF}a", "a"), ("a\u{2028}b", "a b"), ("a\u{200B}\u{AD}b", "ab"),
            ("\u{7F}\u{0}a\u{7}", "a"), ("größe 数", "größe 数"), ("a\u{E0041}b\u{FE0F}", "ab"), ("", ""),
        ])
    func examples(text: String, expected: String) {
        #expect(text.sanitized == expected)
    }

    @Test("no scalar that could steer a terminal survives, and doing it twice changes nothing")
    func everyScalar() {
        for value in UInt32(0)...0x2FFFF {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let text = String(Character(scalar)).sanitized
            #expect(text.sanitized == text)
            for kept in text.unicodeScalars {
                #expect(kept.properties.generalCategory != .control && kept.properties.generalCategory != .format)
            }
        }
    }
}

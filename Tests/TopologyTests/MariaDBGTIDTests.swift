import TestSupport
import Testing
import Topology

@Suite("MariaDB's GTID positions and binary log states")
struct MariaDBGTIDTests {
    private func position(_ text: String) throws -> GTIDPosition { try GTIDPosition(parsing: text) }

    @Test(
        "a position is printed by domain, without spaces",
        arguments: [
            ("", ""), ("0-1-100", "0-1-100"), ("1-3-20, 0-1-100", "0-1-100,1-3-20"),
            ("4294967295-4294967295-18446744073709551615", "4294967295-4294967295-18446744073709551615"),
        ])
    func positionText(text: String, printed: String) throws {
        #expect(try position(text).description == printed)
        #expect(try position(printed) == position(text))
    }

    @Test(
        "what is no position is refused",
        arguments: [
            "0", "0-1", "0-1-", "a-1-1", "0-1-1-1", "0-1-1,", "0-1-1,0-2-2", "-1-1-1", "4294967296-1-1", "0-1-+1",
            "0-1-18446744073709551616", "0-1-1,", ",", "0--1",
        ])
    func refusals(text: String) {
        #expect(throws: ParsingError.self) { try GTIDPosition(parsing: text) }
    }

    @Test("positions stand to each other domain by domain")
    func relations() throws {
        let here = try position("0-1-100,1-3-20,2-1-5")
        let there = try position("0-1-110,1-4-20,3-1-7")
        #expect(here.relation(to: there, inDomain: 0) == .behind(atMost: 10))
        #expect(here.relation(to: there, inDomain: 1) == .diverged)
        #expect(here.relation(to: there, inDomain: 2) == .ahead(atMost: 5))
        #expect(here.relation(to: there, inDomain: 3) == .behind(atMost: 7))
        #expect(here.relation(to: there, inDomain: 9) == .equal)
        #expect(here.comparison(with: there) == .diverged(domains: [1]))
        #expect(here.transactionsBehind(there) == 17)
    }

    @Test("a comparison over all domains says behind, ahead, equal or mixed")
    func comparisons() throws {
        #expect(try position("0-1-5").comparison(with: position("0-2-5,1-1-1")) == .diverged(domains: [0]))
        #expect(try position("0-1-5").comparison(with: position("0-1-5")) == .equal)
        #expect(try position("").comparison(with: position("0-1-5,1-1-2")) == .behind(atMost: 7))
        #expect(try position("0-2-6").comparison(with: position("0-1-5")) == .ahead(atMost: 1))
        #expect(
            try position("0-1-6,1-1-1").comparison(with: position("0-1-5,1-1-9"))
                == .mixed(behindAtMost: 8, aheadAtMost: 1))
    }

    @Test("every relation is the mirror of the other side's")
    func mirrored() {
        var generator = SeededGenerator(seed: 4)
        for _ in 0..<2_000 {
            let (left, right) = (randomPosition(&generator), randomPosition(&generator))
            for domain in UInt32(0)...2 {
                let mirror: GTIDRelation
                switch left.relation(to: right, inDomain: domain) {
                case .equal: mirror = .equal
                case .behind(let count): mirror = .ahead(atMost: count)
                case .ahead(let count): mirror = .behind(atMost: count)
                case .diverged: mirror = .diverged
                }
                #expect(right.relation(to: left, inDomain: domain) == mirror)
            }
            #expect((left.comparison(with: right) == .equal) == (left == right))
        }
    }

    @Test("a binary log state keeps which server wrote last in each domain")
    func stateText() throws {
        let state = try GTIDBinlogState(parsing: "1-3-20,0-2-100,0-1-90")
        #expect(state.description == "0-2-100,0-1-90,1-3-20")
        #expect(state.position.description == "0-1-90,1-3-20")
        #expect(try GTIDBinlogState(parsing: state.description) == state)
        #expect(throws: ParsingError.self) { try GTIDBinlogState(parsing: "0-1-1,0-1-2") }
    }

    @Test("a transaction that the source's log went past without holding it is a divergence")
    func divergence() throws {
        let source = try GTIDBinlogState(parsing: "0-2-80,0-1-110")
        #expect(source.divergence(of: try position("0-1-100")).isEmpty)
        #expect(source.divergence(of: try position("0-2-80")).isEmpty)
        #expect(source.divergence(of: try position("0-1-120")).isEmpty, "ahead may be news")
        #expect(source.divergence(of: try position("5-9-1")).isEmpty, "a domain that the source has not")
        let errant = MariaDBGTID(domain: 0, server: 3, sequence: 105)
        #expect(source.divergence(of: try position("0-3-105")) == [errant])
        #expect(source.covers(MariaDBGTID(domain: 0, server: 2, sequence: 80)))
        #expect(!source.covers(MariaDBGTID(domain: 0, server: 2, sequence: 81)))
    }

    @Test("random positions and states come back from their printed form")
    func roundTrip() throws {
        var generator = SeededGenerator(seed: 5)
        for _ in 0..<2_000 {
            let position = randomPosition(&generator)
            #expect(try GTIDPosition(parsing: position.description) == position)
            let state = GTIDBinlogState(
                position.gtids + randomPosition(&generator).gtids + randomPosition(&generator).gtids)
            #expect(try GTIDBinlogState(parsing: state.description) == state)
        }
    }

    @Test("no text crashes the parsers, and what they accept comes back from its printed form")
    func fuzz() throws {
        var generator = SeededGenerator(seed: 6)
        let pieces = ["0", "1", "-", "-", ",", " ", "0-1-5", "99999999999", "1-1-1"]
        for _ in 0..<20_000 {
            let text = generator.text(from: pieces)
            if let position = try? GTIDPosition(parsing: text) {
                #expect(try GTIDPosition(parsing: position.description) == position)
            }
            if let state = try? GTIDBinlogState(parsing: text) {
                #expect(try GTIDBinlogState(parsing: state.description) == state)
            }
        }
    }

    private func randomPosition(_ generator: inout SeededGenerator) -> GTIDPosition {
        GTIDPosition(
            (0..<Int.random(in: 0...4, using: &generator)).map { _ in
                MariaDBGTID(
                    domain: UInt32.random(in: 0...2, using: &generator),
                    server: UInt32.random(in: 1...3, using: &generator),
                    sequence: UInt64.random(in: 1...9, using: &generator))
            })
    }
}

import Foundation
import TestSupport
import Testing
import Topology

@testable import Storage

@Suite("Snapshot files that are refused")
struct SnapshotErrorTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let text: String
        let message: String
        var testDescription: String { message }

        init(_ text: String, _ message: String) {
            self.text = text
            self.message = message
        }
    }

    static let cases: [Case] = [
        Case("", "fleet.json:1:1: the text ends where a value should stand"),
        Case("[]", "fleet.json:1:1: a snapshot is an object, not a list"),
        Case(
            #"{"instances": []}"#,
            "fleet.json:1:1: this is no baton snapshot: the key \"baton-snapshot\" with the format's version is missing"
        ),
        Case(
            #"{"baton-snapshot": 2, "instances": []}"#,
            "fleet.json:1:20: baton-snapshot: this baton reads snapshots up to version 1; a newer baton wrote this one"),
        Case(
            "{\"baton-snapshot\": 1,\n \"instances\": [{\"address\": \"db1\"},]}",
            "fleet.json:2:35: this is no JSON value; text stands in double quotes"),
        Case(
            "{\"baton-snapshot\": 1, \"instances\": [\n{\"address\": \"db1\"},\n{\"address\": \"größe\", \"chanels\": []}]}",
            "fleet.json:3:22: instances[1].chanels: there is no key \"chanels\" here (did you mean \"channels\"?)"),
        Case(
            #"{"baton-snapshot": 1, "instances": [{"address": "db1", "contact": {"state": "unreachabel"}}]}"#,
            "fleet.json:1:77: instances[0].contact.state: one of \"never-tried\", \"remembered\", \"reachable\", "
                + "\"no-access\", \"unreachable\" is expected here, not \"unreachabel\" (did you mean \"unreachable\"?)"
        ),
        Case(
            #"{"baton-snapshot": 1, "instances": [{"address": "db1:0"}]}"#,
            "fleet.json:1:49: instances[0].address: `db1:0` is not the address of an instance: "
                + "the port `0` is not a number from 1 to 65535"),
        Case(
            #"{"baton-snapshot": 1, "instances": [{"source": "db1"}]}"#,
            "fleet.json:1:37: instances[0]: the key \"address\" is missing here"),
        Case(
            #"{"baton-snapshot": 1, "instances": [{"adress": "a"}]}"#,
            "fleet.json:1:38: instances[0].adress: there is no key \"adress\" here (did you mean \"address\"?)"),
        Case(
            #"{"baton-snapshot": 1, "instances": [{"address": "a"}, {"address": "a:3306"}]}"#,
            "fleet.json:1:55: instances[1]: the server a:3306 is already in this list"),
        Case(
            #"{"baton-snapshot": 1, "instances": [{"address": "a", "source": "b", "channels": [{"source": "c"}]}]}"#,
            "fleet.json:1:64: instances[0].source: the key \"source\" names b:3306, and the first of the \"channels\" "
                + "does not"),
        Case(
            #"{"baton-snapshot": 1, "instances": [{"address": "a", "channels": [{"lag": -1, "delay": "1"}]}]}"#,
            "fleet.json:1:88: instances[0].channels[0].delay: a time in seconds such as 1.5 is expected here, not \"1\""
        ),
        Case(
            #"{"baton-snapshot": 1, "instances": [{"address": "a", "factsKnown": false, "serverId": 3}]}"#,
            "fleet.json:1:68: instances[0].factsKnown: a server of which no facts are known can't have facts"),
        Case(
            #"{"baton-snapshot": 1, "instances": [{"address": "a", "contact": {"state": "reachable", "failure": "x"}}]}"#,
            "fleet.json:1:99: instances[0].contact.failure: an object is expected here, not text"),
        Case(
            #"{"baton-snapshot": 1, "names": {"b": "c"}, "instances": [{"address": "a"}]}"#,
            "fleet.json:1:32: names: c:3306 is not in the list of servers, so it can have no other name"),
        Case(
            #"{"baton-snapshot": 1, "baton-snapshot": 1, "instances": []}"#,
            "fleet.json:1:23: the key \"baton-snapshot\" stands here for the second time"),
        Case(
            #"{"baton-snapshot": 1, "instances": [{"address": "a", "gtid": "nonsense"}]}"#,
            "fleet.json:1:62: instances[0].gtid: `nonsense` is not a GTID set"),
    ]

    @Test("are refused with place and reason", arguments: cases)
    func refused(_ refusal: Case) throws {
        let error = try #require(throws: DocumentError.self) { try SnapshotTests.read(refusal.text) }
        #expect(error.description.hasPrefix(refusal.message), "\(error)")
    }

    @Test("never crash the reader, whatever is changed in them", arguments: 0..<20 as Range<UInt64>)
    func fuzzed(seed: UInt64) throws {
        var random = RandomDocuments(seed: seed)
        let good = Array(Snapshot(taken: SnapshotTests.now, fleet: random.fleet()).text().utf8)
        for _ in 0..<50 {
            var bytes = good
            for _ in 0...random.number(3) {
                let index = random.number(bytes.count)
                switch random.number(4) {
                case 0: bytes.remove(at: index)
                case 1: bytes[index] = UInt8(random.number(256))
                case 2: bytes.insert(random.pick(Array(#"{}[]",:0-\e"#.utf8)), at: index)
                default: bytes.removeSubrange(index..<min(bytes.count, index + random.number(200)))
                }
                if bytes.isEmpty { bytes = [0] }
            }
            do {
                let snapshot = try Snapshot(parsing: bytes, now: SnapshotTests.now)
                let again = try Snapshot(parsing: Array(snapshot.text().utf8), now: SnapshotTests.now)
                #expect(again.fleet.content == snapshot.fleet.content)
            } catch let error as DocumentError {
                #expect(!error.reason.isEmpty && error.line != nil)
            }
        }
    }

    @Test("nest too deeply to be read without a limit")
    func deep() {
        #expect(throws: DocumentError.self) { try SnapshotTests.read(String(repeating: "[", count: 100_000)) }
    }

    @Test("never come from the page that describes them")
    func documentation() throws {
        let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../docs/snapshot.md")
        let text = try String(contentsOf: page, encoding: .utf8)
        let blocks = text.components(separatedBy: "```json\n").dropFirst()
        #expect(!blocks.isEmpty)
        for block in blocks {
            let example = block.components(separatedBy: "```")[0]
            #expect(try SnapshotTests.read(example).fleet.count > 0)
        }
        // Every key that is written is in a table of the page.
        var keys: Set<String> = []
        for instance in CoverageTests.full { CoverageTests.collectKeys(InstanceDocument(instance).json, &keys) }
        for key in keys { #expect(text.contains("`\(key)`"), "\(key) is not described") }
    }
}

import Lab
import TestSupport
import Testing

@Suite("The notation of shapes")
struct ShapeTests {
    @Test("a tree says who replicates from whom")
    func tree() throws {
        let group = try #require(try Shape(parsing: "mysql: a(b(d e) c)").groups.first)
        #expect(group.flavour == .mysql)
        #expect(group.servers.map(\.name) == ["a", "b", "d", "e", "c"])
        #expect(group.servers.map(\.sources) == [[], ["a"], ["b"], ["b"], ["a"]])
    }

    @Test("a name under two sources is one server with both")
    func severalSources() throws {
        let group = try #require(try Shape(parsing: "mariadb: a(c) b(c)").groups.first)
        #expect(group.servers.map(\.name) == ["a", "c", "b"])
        #expect(group.servers[1].sources == ["a", "b"])
    }

    @Test("co-primaries replicate from each other, and three of them in a circle")
    func rings() throws {
        let shape = try Shape(parsing: "mysql: a(c)=b x=y=z")
        let group = try #require(shape.groups.first)
        let sources = Dictionary(uniqueKeysWithValues: group.servers.map { ($0.name, group.allSources(of: $0)) })
        #expect(sources == ["a": ["b"], "b": ["a"], "c": ["a"], "x": ["z"], "y": ["x"], "z": ["y"]])
        #expect(group.servers.filter { group.isReadOnly($0) }.map(\.name) == ["c"])
    }

    @Test("a server's options go before its group's")
    func options() throws {
        let shape = try Shape(
            parsing: "mysql[positions semi-sync]: a(b[delay=30, gtid] c[writable --innodb-flush-method=fsync])")
        let group = try #require(shape.groups.first)
        let options = group.servers.map { group.effectiveOptions(of: $0) }
        #expect(options.map(\.positioning) == [.positions, .gtid, .positions])
        #expect(options.map(\.semiSyncTimeout) == [10, 10, 10])
        #expect(options.map(\.delay) == [nil, 30, nil])
        #expect(options[2].raw == ["innodb-flush-method=fsync"])
        #expect(group.servers.map { group.isReadOnly($0) } == [false, true, false])
    }

    @Test(
        "what is printed is what was written, in one order",
        arguments: [
            ("mysql:a", "mysql: a"),
            (" mysql :\n a ( b\n(d,e) c ) ;", nil),
            ("mysql: a(b c) b(d)", "mysql: a(b(d) c)"),
            ("mariadb [ gtid , semi-sync=5 ] : m=n", "mariadb[gtid semi-sync=5]: m=n"),
            ("mysql: a(x)=b(x); mariadb: m", "mysql: a(x)=b(x); mariadb: m"),
            ("mysql: r(a) a=b", "mysql: r(a) a=b"),
            ("mysql: a(b[read-only no-log-updates workers=0])", "mysql: a(b[read-only no-log-updates workers=0])"),
        ])
    func printing(text: String, printed: String?) throws {
        guard let printed else {
            #expect(throws: ShapeError.self) { try Shape(parsing: text) }
            return
        }
        let shape = try Shape(parsing: text)
        #expect(shape.description == printed)
        #expect(try Shape(parsing: printed) == shape)
    }

    @Test(
        "an error points at its place",
        arguments: [
            ("mysql: a(b c", 12, "missing"),
            ("oracle: a", 0, "no kind of server"),
            ("mysql a", 6, "\":\""),
            ("mysql: ", 7, "name"),
            ("mysql: a(a)", 9, "itself"),
            ("mysql: a(b(c(a)))", 7, "circle"),
            ("mysql: x a(b) b(a)", 9, "circle"),
            ("mysql: a=a", 7, "twice"),
            ("mysql: a(b=c)", 10, "top"),
            ("mysql: a=b c=a", 11, "already"),
            ("mysql: a=b(a)", 7, "already"),
            ("mysql: a[dealy=3]", 9, "no option"),
            ("mysql: a[delay]", 9, "needs a value"),
            ("mysql: a[delay=soon]", 9, "whole number"),
            ("mysql: a[writable=1]", 9, "no value"),
            ("mysql: a[gtid positions]", 14, "contradicts"),
            ("mysql: a[gtid", 8, "]"),
            ("mysql: a; mariadb: a", 19, "another group"),
            ("mysql: a[delay=1](b) a[delay=2]", 22, "already"),
            ("mariadb: a[no-commit-order]", 11, "MySQL"),
            ("mysql: a)", 8, "not expected"),
        ])
    func errors(text: String, offset: Int, reason: String) throws {
        let error = try #require(throws: ShapeError.self) { try Shape(parsing: text) }
        #expect(error.offset == offset, "\(error)")
        #expect(error.reason.contains(reason), "\(error)")
        let caret = String(repeating: " ", count: offset) + "^"
        #expect(error.description.split(separator: "\n").last?.hasPrefix(caret) == true)
    }

    @Test("the caret stands under its place on the right line")
    func caretOnLine() throws {
        let error = try #require(throws: ShapeError.self) { try Shape(parsing: "mysql: a(b)\n  ) c") }
        #expect(error.description.hasPrefix("  ) c\n  ^ "))
    }

    @Test("any shape that can be built survives printing and parsing")
    func roundTrip() throws {
        var random = SeededGenerator(seed: 1)
        var parsed = 0
        for _ in 0..<3000 {
            let text = RandomShape.text(&random)
            // Random texts contain circles and repetitions; those that parse are what this is about.
            guard let shape = try? Shape(parsing: text) else { continue }
            parsed += 1
            let again = try Shape(parsing: shape.description)
            #expect(again == shape, "\(text)\n\(shape)")
        }
        #expect(parsed > 300)
    }

    @Test("no text makes the parser crash, and every error lies within the text")
    func fuzz() {
        var random = SeededGenerator(seed: 2)
        for _ in 0..<3000 { fuzzOnce(&random) }
    }

    private func fuzzOnce(_ random: inout SeededGenerator) {
        var characters = Array(RandomShape.text(&random))
        let alphabet = Array("ab1 ()[]=;:,-_\n\t--é\u{202e}mysqldelay")
        for _ in 0..<Int.random(in: 1...6, using: &random) {
            let place = Int.random(in: 0...characters.count, using: &random)
            switch Int.random(in: 0..<3, using: &random) {
            case 0: characters.insert(alphabet.randomElement(using: &random) ?? "a", at: place)
            case 1 where place < characters.count: characters.remove(at: place)
            default: characters.removeSubrange(place...)
            }
        }
        let text = String(characters)
        do throws(ShapeError) {
            let shape = try Shape(parsing: text)
            let again = try? Shape(parsing: shape.description)
            #expect(again == shape, "\(text)")
        } catch {
            #expect((0...text.count).contains(error.offset))
        }
    }

    @Test("deep and wide texts are refused, not followed to the end of the stack")
    func limits() {
        let deep = "mysql: " + (0..<5000).map { "a\($0)(" }.joined()
        #expect(throws: ShapeError.self) { try Shape(parsing: deep) }
        let wide = "mysql: a(" + (0..<300).map { "b\($0)" }.joined(separator: " ") + ")"
        #expect(throws: ShapeError.self) { try Shape(parsing: wide) }
    }
}

/// Texts that are mostly shapes.
enum RandomShape {
    static func text(_ random: inout SeededGenerator) -> String {
        (0..<Int.random(in: 1...2, using: &random)).map { index in
            let flavour = Bool.random(using: &random) ? "mysql" : "mariadb"
            let trees = (0..<Int.random(in: 1...3, using: &random)).map { _ in tree(&random, group: index) }
            return flavour + options(&random) + ": " + trees.joined(separator: " ")
        }.joined(separator: "; ")
    }

    private static func tree(_ random: inout SeededGenerator, group: Int) -> String {
        let members = Int.random(in: 0..<4, using: &random) == 0 ? 2 : 1
        return (0..<members).map { _ in server(&random, group: group, depth: 0) }.joined(separator: "=")
    }

    private static func server(_ random: inout SeededGenerator, group: Int, depth: Int) -> String {
        // Few names, so that some come again.
        let name = "g\(group)n\(Int.random(in: 0..<14, using: &random))"
        guard depth < 3, Bool.random(using: &random) else { return name + options(&random) }
        let replicas = (0..<Int.random(in: 1...3, using: &random)).map { _ in
            server(&random, group: group, depth: depth + 1)
        }
        return name + options(&random) + "(" + replicas.joined(separator: " ") + ")"
    }

    private static func options(_ random: inout SeededGenerator) -> String {
        guard Int.random(in: 0..<4, using: &random) == 0 else { return "" }
        let choices = [
            "gtid", "positions", "semi-sync", "semi-sync=3", "delay=5", "read-only", "writable", "no-log-updates",
            "binlog-format=mixed", "workers=2", "performance-schema", "--sync-binlog=1", "--skip-name-resolve",
        ]
        let chosen = (0..<Int.random(in: 1...3, using: &random)).compactMap { _ in choices.randomElement(using: &random)
        }
        return "[" + chosen.joined(separator: " ") + "]"
    }
}

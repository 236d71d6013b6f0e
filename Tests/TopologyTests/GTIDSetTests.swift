import TestSupport
import Testing
import Topology

private let first = "3e11fa47-71ca-11e1-9e33-c80aa9429562"
private let second = "4f22fa47-71ca-11e1-9e33-c80aa9429562"

@Suite("A GTID set")
struct GTIDSetTests {
    @Test(
        "is printed as MySQL prints it",
        arguments: [
            ("", ""), (" \n", ""), ("\(first):1", "\(first):1"), ("\(first):1-1", "\(first):1"),
            ("\(first.uppercased()):1-3", "\(first):1-3"), ("\(first):7:1-3:4", "\(first):1-4:7"),
            ("\(second):1,\n\(first):1-5", "\(first):1-5,\(second):1"), ("\(first):1,,\(first):2", "\(first):1-2"),
            ("\(first):1-3:Tag:1-2:4:tag_b:9", "\(first):1-3:tag:1-2:4:tag_b:9"),
            ("\(first):tag:5", "\(first):tag:5"), ("\(first):b:1,\(first):a:1,\(first):1", "\(first):1:a:1:b:1"),
            (" \(first) : 1 - 3 : tag : 1 ", "\(first):1-3:tag:1"),
            ("\(first):1-9223372036854775806", "\(first):1-9223372036854775806"),
        ])
    func canonicalText(text: String, printed: String) throws {
        let set = try GTIDSet(parsing: text)
        #expect(set.description == printed)
        #expect(try GTIDSet(parsing: set.description) == set)
        #expect(try GTIDSet(parsing: set.serverText) == set)
    }

    @Test("the servers' own text has one line for each UUID")
    func serverText() {
        #expect(GTIDSet.test("\(first):1,\(second):2").serverText == "\(first):1,\n\(second):2")
    }

    @Test(
        "what is no GTID set is refused with the reason",
        arguments: [
            ("x", "a server UUID is missing at byte 0"), ("\(first)", "`\(first)` has no interval"),
            ("\(first):0", "transaction numbers start at 1"),
            ("\(first):5-1", "the interval 5-1 ends before it starts"),
            ("\(first):1-", "a transaction number is missing at byte 39"), ("\(first):tag", "`tag` has no interval"),
            ("\(first):a:b:1", "the tag `a` has no interval"), ("\(first):1;", "`,` or `:` is missing at byte 38"),
            ("\(first):9223372036854775807", "the transaction number at byte 37 is above 9223372036854775806"),
            ("\(first):99999999999999999999999", "the transaction number at byte 37 is above 9223372036854775806"),
            ("0-1-100", "a server UUID is missing at byte 0"),
        ])
    func refusals(text: String, reason: String) {
        let error = #expect(throws: ParsingError.self) { try GTIDSet(parsing: text) }
        #expect(error?.reason == reason)
    }

    @Test("no text crashes the parser, and what it accepts comes back from its printed form")
    func fuzz() throws {
        var generator = SeededGenerator(seed: 2)
        let pieces = [first, second, ":", ":", "1", "7-9", "-", ",", "tag", " ", "\n", "9223372036854775806"]
        var accepted = 0
        for _ in 0..<20_000 {
            guard let set = try? GTIDSet(parsing: generator.text(from: pieces)) else { continue }
            accepted += 1
            #expect(try GTIDSet(parsing: set.description) == set)
        }
        #expect(accepted > 500)
    }

    @Test("every pair of subsets of 1 to 6 behaves like sets of numbers")
    func exhaustive() {
        let sets = (0..<64).map { bits in Set((UInt64(1)...6).filter { bits >> ($0 - 1) & 1 == 1 }) }
        let gtidSets = sets.map { numbers in GTIDSet(numbers.map { (GTIDSet.Origin(uuid: .test(1)), GTIDInterval($0)) })
        }
        for (left, leftSet) in zip(sets, gtidSets) {
            #expect(leftSet.transactionCount == UInt64(left.count))
            #expect((UInt64(0)...7).allSatisfy { leftSet.contains($0, of: .test(1)) == left.contains($0) })
            for (right, rightSet) in zip(sets, gtidSets) {
                #expect(numbers(leftSet.union(rightSet)) == left.union(right))
                #expect(numbers(leftSet.subtracting(rightSet)) == left.subtracting(right))
                #expect(numbers(leftSet.intersection(rightSet)) == left.intersection(right))
                #expect(leftSet.isSubset(of: rightSet) == left.isSubset(of: right))
                #expect(leftSet.isDisjoint(with: rightSet) == left.isDisjoint(with: right))
                #expect((leftSet == rightSet) == (left == right))
            }
        }
    }

    @Test("random sets over several servers and tags behave like sets of transactions")
    func randomAlgebra() throws {
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<600 {
            let (leftSet, left) = randomSet(&generator)
            let (rightSet, right) = randomSet(&generator)
            #expect(transactions(leftSet) == left)
            #expect(transactions(leftSet.union(rightSet)) == left.union(right))
            #expect(transactions(leftSet.subtracting(rightSet)) == left.subtracting(right))
            #expect(transactions(leftSet.intersection(rightSet)) == left.intersection(right))
            #expect(leftSet.isSubset(of: rightSet) == left.isSubset(of: right))
            #expect(leftSet.union(rightSet).contains(rightSet))
            #expect(leftSet.subtracting(rightSet).isDisjoint(with: rightSet))
            #expect(leftSet.union(rightSet) == rightSet.union(leftSet))
            #expect(leftSet.union(rightSet).hashValue == rightSet.union(leftSet).hashValue)
            #expect(try GTIDSet(parsing: leftSet.description) == leftSet)
            let kept = Set([ServerUUID.test(1)])
            #expect(transactions(leftSet.restricted(to: kept)) == left.filter { $0.uuid == .test(1) })
            #expect(transactions(leftSet.removing(kept)) == left.filter { $0.uuid != .test(1) })
            #expect(leftSet.sources == Set(left.map(\.uuid)).sorted())
        }
    }

    @Test("a count beyond 64 bits stays at the greatest number")
    func saturatingCount() {
        var set = GTIDSet()
        for uuid in UInt64(1)...3 { set.formUnion(GTIDSet(uuid: .test(uuid), 1...GTIDInterval.maximum)) }
        #expect(set.transactionCount == .max)
    }

    @Test("a range outside of what servers give out is cut")
    func clampedRange() {
        #expect(GTIDSet(uuid: .test(1), 0...0).isEmpty)
        #expect(GTIDSet(uuid: .test(1), 0...2).transactionCount == 2)
        #expect(GTIDSet(uuid: .test(1), .max ... .max).isEmpty)
    }

    private struct Transaction: Hashable {
        let uuid: ServerUUID
        let tag: String
        let number: UInt64
    }

    private func numbers(_ set: GTIDSet) -> Set<UInt64> { Set(transactions(set).map(\.number)) }

    private func transactions(_ set: GTIDSet) -> Set<Transaction> {
        var result: Set<Transaction> = []
        for part in set.parts {
            for interval in part.intervals {
                for number in interval.first...interval.last {
                    result.insert(Transaction(uuid: part.origin.uuid, tag: part.origin.tag, number: number))
                }
            }
        }
        return result
    }

    private func randomSet(_ generator: inout SeededGenerator) -> (GTIDSet, Set<Transaction>) {
        var intervals: [(GTIDSet.Origin, GTIDInterval)] = []
        var naive: Set<Transaction> = []
        for _ in 0..<Int.random(in: 0...6, using: &generator) {
            let origin = GTIDSet.Origin(
                uuid: .test(UInt64.random(in: 1...3, using: &generator)), tag: Bool.random(using: &generator) ? "" : "t"
            )
            let start = UInt64.random(in: 1...25, using: &generator)
            let end = start + UInt64.random(in: 0...6, using: &generator)
            intervals.append((origin, GTIDInterval(first: start, last: end)))
            for number in start...end {
                naive.insert(Transaction(uuid: origin.uuid, tag: origin.tag, number: number))
            }
        }
        return (GTIDSet(intervals), naive)
    }
}

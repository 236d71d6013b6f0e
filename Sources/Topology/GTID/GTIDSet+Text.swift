extension GTIDSet {
    /// Reads the notation of the manual's "GTID Sets" (17.1.3.1), as servers print it over several lines or a person
    /// writes it: `uuid:1-3:7,uuid:1:tag:1-2`.
    ///
    /// Spaces and line breaks are allowed around UUIDs, tags and numbers, empty elements between commas are skipped, and
    /// intervals may overlap and come in any order. Intervals after a tag belong to that tag.
    ///
    /// - Throws: ``ParsingError`` with the reason; unlike MySQL also for an interval whose end is before its start,
    ///   which MySQL takes for an empty one.
    public init(parsing text: String) throws(ParsingError) {
        if text.isEmpty {
            self.init()
            return
        }
        var scanner = GTIDSetScanner(text)
        do throws(GTIDSetScanner.Failure) {
            self.init(try scanner.scan())
        } catch {
            throw ParsingError(expected: "a GTID set", text: text, reason: error.reason)
        }
    }

    /// The set as `@@gtid_executed` prints it: one line per UUID, each but the last ended by a comma.
    public var serverText: String { printed(separator: ",\n") }

    private func printed(separator: String) -> String {
        var text = ""
        var previous: ServerUUID?
        for part in parts {
            if part.origin.uuid != previous {
                if previous != nil { text += separator }
                text += part.origin.uuid.description
                previous = part.origin.uuid
            }
            if !part.origin.tag.isEmpty { text += ":" + part.origin.tag }
            for interval in part.intervals {
                text += ":\(interval.first)"
                if interval.last > interval.first { text += "-\(interval.last)" }
            }
        }
        return text
    }
}

extension GTIDSet: CustomStringConvertible {
    /// The set in MySQL's order on one line, which ``init(parsing:)`` and every server read back.
    public var description: String { printed(separator: ",") }
}

/// Reads a GTID set byte by byte; servers send sets of many kilobytes, once per poll.
private struct GTIDSetScanner {
    struct Failure: Error {
        let reason: String
    }

    private let bytes: [UInt8]
    private var position = 0

    init(_ text: String) {
        bytes = Array(text.utf8)
    }

    mutating func scan() throws(Failure) -> [(GTIDSet.Origin, GTIDInterval)] {
        var result: [(GTIDSet.Origin, GTIDInterval)] = []
        while true {
            skipSpaces()
            while take(UInt8(ascii: ",")) { skipSpaces() }
            guard position < bytes.count else { return result }
            try scanSource(into: &result)
            skipSpaces()
            guard position == bytes.count || take(UInt8(ascii: ",")) else {
                throw Failure(reason: "`,` or `:` is missing at byte \(position)")
            }
        }
    }

    private mutating func scanSource(into result: inout [(GTIDSet.Origin, GTIDInterval)]) throws(Failure) {
        let start = position
        while position < bytes.count, bytes[position].hexadecimalValue != nil || bytes[position] == UInt8(ascii: "-") {
            position += 1
        }
        guard let uuid = ServerUUID(bytes: bytes[start..<position]) else {
            throw Failure(reason: "a server UUID is missing at byte \(start)")
        }
        var origin = GTIDSet.Origin(uuid: uuid)
        var hasInterval = false
        skipSpaces()
        while take(UInt8(ascii: ":")) {
            skipSpaces()
            if position < bytes.count, bytes[position].isASCIIDigit {
                result.append((origin, try scanInterval()))
                hasInterval = true
            } else {
                if !origin.tag.isEmpty, !hasInterval {
                    throw Failure(reason: "the tag `\(origin.tag)` has no interval")
                }
                origin = GTIDSet.Origin(uuid: uuid, tag: try scanTag())
                hasInterval = false
            }
            skipSpaces()
        }
        guard hasInterval else {
            throw Failure(reason: "`\(origin.tag.isEmpty ? uuid.description : origin.tag)` has no interval")
        }
    }

    /// A tag is a letter or `_` and up to 31 letters, digits and `_`; servers read it in lower case.
    private mutating func scanTag() throws(Failure) -> String {
        var tag: [UInt8] = []
        while position < bytes.count, let byte = bytes[position].tagCharacter, tag.count < 32 {
            tag.append(byte)
            position += 1
        }
        guard !tag.isEmpty else { throw Failure(reason: "an interval or a tag is missing at byte \(position)") }
        return String(decoding: tag, as: UTF8.self)
    }

    private mutating func scanInterval() throws(Failure) -> GTIDInterval {
        let first = try scanNumber()
        skipSpaces()
        guard take(UInt8(ascii: "-")) else { return GTIDInterval(first) }
        skipSpaces()
        let last = try scanNumber()
        guard first <= last else { throw Failure(reason: "the interval \(first)-\(last) ends before it starts") }
        return GTIDInterval(first: first, last: last)
    }

    private mutating func scanNumber() throws(Failure) -> UInt64 {
        let start = position
        var number: UInt64 = 0
        while position < bytes.count, bytes[position].isASCIIDigit {
            // Digits beyond the maximum are caught at the next one, before the product could overflow.
            let digit = UInt64(bytes[position] - UInt8(ascii: "0"))
            guard number <= GTIDInterval.maximum / 10, number * 10 + digit <= GTIDInterval.maximum else {
                throw Failure(reason: "the transaction number at byte \(start) is above \(GTIDInterval.maximum)")
            }
            number = number * 10 + digit
            position += 1
        }
        guard position > start else { throw Failure(reason: "a transaction number is missing at byte \(start)") }
        guard number > 0 else { throw Failure(reason: "transaction numbers start at 1") }
        return number
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    private mutating func skipSpaces() {
        while position < bytes.count, bytes[position] == 0x20 || (0x09...0x0D).contains(bytes[position]) {
            position += 1
        }
    }
}

extension UInt8 {
    /// The byte in lower case where it may stand in a tag.
    fileprivate var tagCharacter: UInt8? {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "_"): self
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): self + 0x20
        default: isASCIIDigit ? self : nil
        }
    }
}

/// One MariaDB transaction: `domain-server-sequence`.
public struct MariaDBGTID: Hashable, Sendable {
    /// Within which transactions keep one order (`gtid_domain_id`).
    public let domain: UInt32
    /// The `server_id` of the server that first committed it.
    public let server: UInt32
    /// Its number in the domain, ascending in the order of the binary log (in strict mode without exception).
    public let sequence: UInt64

    /// Makes a GTID, `domain-server-sequence`.
    public init(domain: UInt32, server: UInt32, sequence: UInt64) {
        self.domain = domain
        self.server = server
        self.sequence = sequence
    }

    /// Reads `domain-server-sequence`.
    ///
    /// - Throws: ``ParsingError`` with the reason.
    public init(parsing text: String) throws(ParsingError) {
        func failure(_ reason: String) -> ParsingError {
            ParsingError(expected: "a MariaDB GTID", text: text, reason: reason)
        }
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3 else { throw failure("it should be DOMAIN-SERVER-SEQUENCE") }
        guard parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(\.isASCIIDigit) }) else {
            throw failure("a part is not a number")
        }
        guard let domain = UInt32(parts[0]), let server = UInt32(parts[1]), let sequence = UInt64(parts[2]) else {
            throw failure("a number is too great: 32 bits for domain and server, 64 for the sequence")
        }
        self.init(domain: domain, server: server, sequence: sequence)
    }

    /// Reads a list with commas; the empty text is the empty list, as servers print it.
    static func list(parsing text: String, expected: String) throws(ParsingError) -> [MariaDBGTID] {
        if let list = plainList(text.utf8) { return list }
        let parts = text.split(separator: ",", omittingEmptySubsequences: false).map { part in
            String(part.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
        }
        if parts.allSatisfy(\.isEmpty), parts.count == 1 { return [] }
        var result: [MariaDBGTID] = []
        for part in parts {
            do throws(ParsingError) {
                result.append(try MariaDBGTID(parsing: part))
            } catch {
                throw ParsingError(expected: expected, text: text, reason: error.description)
            }
        }
        return result
    }

    /// The list in the form in which servers print it, in one pass over its bytes; `nil` for every other form, right or
    /// wrong. Several of these texts come with each poll of a server that is written to.
    private static func plainList(_ text: String.UTF8View) -> [MariaDBGTID]? {
        var result: [MariaDBGTID] = []
        var numbers: (UInt64, UInt64) = (0, 0)
        var dashes = 0
        var number: UInt64?
        func gtid() -> MariaDBGTID? {
            guard dashes == 2, let sequence = number, let domain = UInt32(exactly: numbers.0),
                let server = UInt32(exactly: numbers.1)
            else { return nil }
            return MariaDBGTID(domain: domain, server: server, sequence: sequence)
        }
        for byte in text {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                let (shifted, isTooGreat) = (number ?? 0).multipliedReportingOverflow(by: 10)
                let (sum, isStillTooGreat) = shifted.addingReportingOverflow(UInt64(byte - UInt8(ascii: "0")))
                if isTooGreat || isStillTooGreat { return nil }
                number = sum
            case UInt8(ascii: "-"):
                guard let part = number, dashes < 2 else { return nil }
                if dashes == 0 { numbers.0 = part } else { numbers.1 = part }
                dashes += 1
                number = nil
            case UInt8(ascii: ","):
                guard let gtid = gtid() else { return nil }
                result.append(gtid)
                (dashes, number) = (0, nil)
            default: return nil
            }
        }
        guard let last = gtid() else { return nil }
        result.append(last)
        return result
    }
}

extension MariaDBGTID: CustomStringConvertible {
    /// `domain-server-sequence`.
    public var description: String { "\(domain)-\(server)-\(sequence)" }
}

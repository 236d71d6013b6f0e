/// A place in a server's binary log or relay log: a file and a byte offset in it.
public struct BinlogPosition: Hashable, Sendable {
    /// The log's name without a folder, for example `binlog.000042`.
    public let file: String
    /// Bytes from the start of the file.
    public let offset: UInt64

    /// Makes a position; whether the file exists is the server's to know.
    public init(file: String, offset: UInt64) {
        self.file = file
        self.offset = offset
    }

    /// Reads `file:offset`, as ``description`` prints it.
    ///
    /// - Throws: ``ParsingError`` with the reason.
    public init(parsing text: String) throws(ParsingError) {
        func failure(_ reason: String) -> ParsingError {
            ParsingError(expected: "a binary log position", text: text, reason: reason)
        }
        guard let colon = text.utf8.lastIndex(of: UInt8(ascii: ":")) else {
            throw failure("it should be FILE:OFFSET")
        }
        let file = String(text[..<colon])
        let digits = text[text.utf8.index(after: colon)...]
        guard !file.isEmpty, file == file.sanitized else { throw failure("the file name is empty or not printable") }
        guard digits.utf8.allSatisfy(\.isASCIIDigit), let offset = UInt64(digits) else {
            throw failure("the offset is not a number of bytes")
        }
        self.init(file: file, offset: offset)
    }

    /// The file's name without the number at its end: `binlog` for `binlog.000042`.
    public var baseName: Substring { parts.base }

    /// The number at the end of the file's name, `nil` where there is none or where it is beyond 64 bits.
    public var fileNumber: UInt64? { UInt64(parts.digits) }

    /// Whether both lie in one series of files, so that before and after mean something.
    public func isComparable(with other: BinlogPosition) -> Bool { baseName == other.baseName }

    private var parts: (base: Substring, digits: Substring) {
        guard let dot = file.utf8.lastIndex(of: UInt8(ascii: ".")) else { return (file[...], "") }
        let digits = file[file.utf8.index(after: dot)...]
        let isNumber = !digits.isEmpty && digits.utf8.allSatisfy(\.isASCIIDigit)
        return isNumber ? (file[..<dot], digits) : (file[...], "")
    }
}

extension BinlogPosition: Comparable {
    /// Orders by the number of the file and then by offset: servers go from `binlog.999999` to `binlog.1000000`.
    ///
    /// Positions of different base names belong to different logs, and neither is before the other in time; they
    /// are ordered by name, so that sorting is stable. Ask ``isComparable(with:)`` before drawing a conclusion.
    public static func < (left: BinlogPosition, right: BinlogPosition) -> Bool {
        if left.file == right.file { return left.offset < right.offset }
        let (leftParts, rightParts) = (left.parts, right.parts)
        if leftParts.base != rightParts.base { return leftParts.base < rightParts.base }
        let leftDigits = leftParts.digits.drop { $0 == "0" }
        let rightDigits = rightParts.digits.drop { $0 == "0" }
        if leftDigits != rightDigits {
            let (leftCount, rightCount) = (leftDigits.utf8.count, rightDigits.utf8.count)
            return leftCount == rightCount ? leftDigits < rightDigits : leftCount < rightCount
        }
        return left.offset == right.offset ? left.file < right.file : left.offset < right.offset
    }
}

extension BinlogPosition: CustomStringConvertible {
    /// `file:offset`.
    public var description: String { "\(file):\(offset)" }
}

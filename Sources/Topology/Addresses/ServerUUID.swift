/// The 128-bit identity that a MySQL server gives itself (`auto.cnf`) and under which it writes its transactions.
public struct ServerUUID: Hashable, Sendable {
    /// The first eight bytes in the order of the text.
    public let high: UInt64
    /// The last eight bytes in the order of the text.
    public let low: UInt64

    /// Makes a UUID from its sixteen bytes; every value is taken, as servers take it.
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Reads the notations that MySQL reads (`IS_UUID` in the manual's miscellaneous functions): 8-4-4-4-12 hexadecimal
    /// digits, the same within braces, or 32 digits; `nil` for any other text.
    public init?(_ text: some StringProtocol) {
        let bytes = Array(text.utf8)
        self.init(bytes: bytes[...])
    }

    init?(bytes: ArraySlice<UInt8>) {
        var bytes = bytes
        if bytes.count == 38, bytes.first == UInt8(ascii: "{"), bytes.last == UInt8(ascii: "}") {
            bytes = bytes.dropFirst().dropLast()
            guard bytes.count == 36 else { return nil }
        }
        guard bytes.count == 36 || bytes.count == 32 else { return nil }
        let hasDashes = bytes.count == 36
        var words: (high: UInt64, low: UInt64) = (0, 0)
        var digits = 0
        for (offset, byte) in bytes.enumerated() {
            if hasDashes, offset == 8 || offset == 13 || offset == 18 || offset == 23 {
                guard byte == UInt8(ascii: "-") else { return nil }
                continue
            }
            guard let value = byte.hexadecimalValue else { return nil }
            if digits < 16 { words.high = words.high << 4 | value } else { words.low = words.low << 4 | value }
            digits += 1
        }
        self.init(high: words.high, low: words.low)
    }
}

extension ServerUUID: Comparable {
    /// The order of the printed texts, in which MySQL prints the parts of a GTID set.
    public static func < (left: ServerUUID, right: ServerUUID) -> Bool {
        left.high == right.high ? left.low < right.low : left.high < right.high
    }
}

extension ServerUUID: CustomStringConvertible {
    /// The form in which servers print it: lower case, 8-4-4-4-12.
    public var description: String {
        String(unsafeUninitializedCapacity: 36) { buffer in
            var position = 0
            for digit in 0..<32 {
                if digit == 8 || digit == 12 || digit == 16 || digit == 20 {
                    buffer[position] = UInt8(ascii: "-")
                    position += 1
                }
                let word = digit < 16 ? high : low
                let nibble = UInt8(truncatingIfNeeded: word >> UInt64(60 - digit % 16 * 4)) & 0xF
                buffer[position] = nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "a") + nibble - 10
                position += 1
            }
            return position
        }
    }
}

extension UInt8 {
    /// The value of an ASCII hexadecimal digit.
    var hexadecimalValue: UInt64? {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(self - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(self - UInt8(ascii: "a")) + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt64(self - UInt8(ascii: "A")) + 10
        default: nil
        }
    }

    var isASCIIDigit: Bool { self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9") }
}

/// An IPv6 address with its optional zone, read in any notation of RFC 4291 and printed in the one of RFC 5952.
struct IPv6Address: Hashable, Sendable {
    /// The eight 16-bit groups.
    let groups: [UInt16]
    /// The interface of a link-local address (RFC 4007), in lower case.
    let zone: String?

    /// Reads an address without brackets; `nil` where the text is none.
    init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "%", maxSplits: 1, omittingEmptySubsequences: false)
        if parts.count == 2 {
            let allowed = parts[1].utf8.allSatisfy(Self.isZoneCharacter)
            guard !parts[1].isEmpty, parts[1].utf8.count <= 32, allowed else { return nil }
            zone = parts[1].lowercased()
        } else {
            zone = nil
        }
        guard let address = parts.first, let groups = Self.groups(String(address)) else { return nil }
        self.groups = groups
    }

    private static func isZoneCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."): true
        default: byte.isASCIIDigit
        }
    }

    private static func groups(_ text: String) -> [UInt16]? {
        guard text.utf8.count <= 45, let gap = gapIndex(text) else {
            let groups = side(Substring(text), mayEndInIPv4: true)
            return text.utf8.count <= 45 && groups?.count == 8 ? groups : nil
        }
        let afterGap = text.index(gap, offsetBy: 2)
        guard let left = side(text[..<gap], mayEndInIPv4: false),
            let right = side(text[afterGap...], mayEndInIPv4: true),
            left.count + right.count <= 7
        else { return nil }
        return left + Array(repeating: 0, count: 8 - left.count - right.count) + right
    }

    /// The place of the first `::`; a second one fails later as an empty group.
    private static func gapIndex(_ text: String) -> String.Index? {
        var index = text.startIndex
        while index < text.endIndex {
            let next = text.index(after: index)
            if text[index] == ":", next < text.endIndex, text[next] == ":" { return index }
            index = next
        }
        return nil
    }

    private static func side(_ text: Substring, mayEndInIPv4: Bool) -> [UInt16]? {
        if text.isEmpty { return [] }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        var groups: [UInt16] = []
        for (index, part) in parts.enumerated() {
            if index == parts.count - 1, mayEndInIPv4, part.contains(".") {
                guard let tail = dottedQuad(part) else { return nil }
                groups += tail
                continue
            }
            guard (1...4).contains(part.utf8.count) else { return nil }
            var value: UInt16 = 0
            for byte in part.utf8 {
                guard let digit = byte.hexadecimalValue else { return nil }
                value = value << 4 | UInt16(digit)
            }
            groups.append(value)
        }
        return groups
    }

    private static func dottedQuad(_ text: Substring) -> [UInt16]? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var bytes: [UInt16] = []
        for part in parts {
            guard part.utf8.allSatisfy(\.isASCIIDigit), let byte = UInt8(part) else { return nil }
            guard part.utf8.count == 1 || part.first != "0" else { return nil }
            bytes.append(UInt16(byte))
        }
        return [bytes[0] << 8 | bytes[1], bytes[2] << 8 | bytes[3]]
    }
}

extension IPv6Address: CustomStringConvertible {
    /// RFC 5952: lower case, no leading zeros, the longest run of two or more zero groups as `::` (the first of
    /// equals), and IPv4-mapped addresses with a dotted tail (its section 5).
    var description: String {
        let suffix = zone.map { "%" + $0 } ?? ""
        if groups[..<5].allSatisfy({ $0 == 0 }), groups[5] == 0xFFFF {
            return "::ffff:\(groups[6] >> 8).\(groups[6] & 0xFF).\(groups[7] >> 8).\(groups[7] & 0xFF)" + suffix
        }
        let gap = longestZeroRun
        let left = groups[..<gap.lowerBound].map { String($0, radix: 16) }.joined(separator: ":")
        if gap.isEmpty { return groups.map { String($0, radix: 16) }.joined(separator: ":") + suffix }
        let right = groups[gap.upperBound...].map { String($0, radix: 16) }.joined(separator: ":")
        return left + "::" + right + suffix
    }

    private var longestZeroRun: Range<Int> {
        var best = 0..<0
        var start = 0
        while start < groups.count {
            var end = start
            while end < groups.count, groups[end] == 0 { end += 1 }
            if end - start >= 2, end - start > best.count { best = start..<end }
            start = max(end, start + 1)
        }
        return best
    }
}

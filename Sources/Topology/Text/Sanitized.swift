extension String {
    /// The text without anything that could steer a terminal or hide what it says: the one place where text from
    /// servers is made safe.
    ///
    /// Left out are control characters (C0 with ESC, DEL, C1 with CSI), so that no escape sequence survives as one;
    /// format characters with the bidirectional ones and U+FEFF; and every other code point that Unicode says is not
    /// to be seen (`Default_Ignorable_Code_Point`, variation selectors too). Tabs, line feeds, carriage returns and
    /// Unicode's line and paragraph separators become a space, a run of them one. Applying it twice changes nothing.
    public var sanitized: String {
        if utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return self }
        var result = String.UnicodeScalarView()
        var isAfterBreak = false
        for scalar in unicodeScalars {
            switch scalar.sanitizedRole {
            case .kept:
                result.append(scalar)
                isAfterBreak = false
            case .space:
                if !isAfterBreak { result.append(" ") }
                isAfterBreak = true
            case .dropped:
                break
            }
        }
        return String(result)
    }

    /// The text with each of its lines ``sanitized``, for what is told in several of them.
    public var sanitizedLines: String {
        split(separator: "\n", omittingEmptySubsequences: false).map { String($0).sanitized }.joined(separator: "\n")
    }
}

extension Unicode.Scalar {
    fileprivate enum SanitizedRole {
        case kept, space, dropped
    }

    fileprivate var sanitizedRole: SanitizedRole {
        switch value {
        case 0x09, 0x0A, 0x0D, 0x85, 0x2028, 0x2029: return .space
        case 0x20..<0x7F: return .kept
        default: break
        }
        switch properties.generalCategory {
        case .control, .format, .surrogate: return .dropped
        default: return properties.isDefaultIgnorableCodePoint ? .dropped : .kept
        }
    }
}

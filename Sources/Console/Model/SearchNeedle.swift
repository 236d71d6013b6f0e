import Glibc

/// A text to look for, whatever the case of its letters.
///
/// A filter is applied to everything that is known of every instance with each letter that is typed, so the search is
/// the C library's.
struct SearchNeedle: Sendable {
    private let text: [CChar]

    init(_ text: String) {
        self.text = Array(text.lowercased().utf8CString)
    }

    var isEmpty: Bool { text.count <= 1 }

    /// The bytes of an ASCII text at which the needle is found first; `nil` where it is not, and for other texts, whose
    /// bytes are not cells.
    func place(in haystack: String) -> Range<Int>? {
        guard !isEmpty, haystack.utf8.allSatisfy({ $0 < 0x80 }) else { return nil }
        return haystack.lowercased().withCString { start in
            strstr(start, text).map { found in
                let offset = UnsafePointer(found) - start
                return offset..<(offset + text.count - 1)
            }
        }
    }

    /// Whether the text contains the needle; an empty one is in everything.
    func isFound(in haystack: String) -> Bool {
        haystack.lowercased().withCString { strstr($0, text) != nil }
    }

    /// Whether a word of the sentence, or several from there on, begin with the needle: who looks for `ro` does not mean
    /// every error.
    func beginsWord(in sentence: String) -> Bool {
        guard !isEmpty else { return true }
        return sentence.lowercased().withCString { start in
            var from = start
            while let found = strstr(from, text) {
                let place = UnsafePointer(found)
                if place == start || !Self.isPartOfWord(place[-1]) { return true }
                from = place + 1
            }
            return false
        }
    }

    /// Whether the needle means a short code such as `ro` or `ROW`: all of it, or at least three letters of its
    /// beginning.
    func means(_ code: String) -> Bool {
        guard !isEmpty else { return true }
        return code.lowercased().withCString { start in
            strcmp(start, text) == 0 || (text.count > 3 && strncmp(start, text, text.count - 1) == 0)
        }
    }

    /// Letters and digits, and every byte of what is not ASCII.
    private static func isPartOfWord(_ byte: CChar) -> Bool {
        byte < 0 || isalnum(Int32(byte)) != 0
    }
}

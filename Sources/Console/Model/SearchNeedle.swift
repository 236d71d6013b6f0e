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
}

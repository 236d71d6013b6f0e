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

    /// Whether the text contains the needle; an empty one is in everything.
    func isFound(in haystack: String) -> Bool {
        haystack.lowercased().withCString { strstr($0, text) != nil }
    }
}

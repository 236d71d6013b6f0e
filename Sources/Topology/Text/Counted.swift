extension BinaryInteger {
    /// The number with its noun, in a sentence: `1 transaction`, `2 transactions`.
    ///
    /// - Parameter noun: in the singular, with an `s` in the plural.
    public func counted(_ noun: String) -> String { self == 1 ? "1 \(noun)" : "\(self) \(noun)s" }
}

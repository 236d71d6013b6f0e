import Foundation

extension JSON {
    /// The JSON of a value that encodes itself, its keys in alphabetical order.
    ///
    /// - Throws: what the value throws while it is encoded.
    public init(encoding value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        try self.init(parsing: Array(try encoder.encode(value)))
    }
}

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

    /// A value that was encoded as JSON before.
    ///
    /// - Throws: what the decoder says of a text that is none.
    public static func decode<Value: Decodable>(_ type: Value.Type, from text: String) throws -> Value {
        try JSONDecoder().decode(type, from: Data(text.utf8))
    }
}

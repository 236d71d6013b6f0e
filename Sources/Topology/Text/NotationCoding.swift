/// Values that have a notation of their own are coded as that text, so that a journal can be read by people.
private func decode<Value>(_ decoder: any Decoder, _ parse: (String) throws -> Value) throws -> Value {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    do {
        return try parse(text)
    } catch {
        throw DecodingError.dataCorruptedError(in: container, debugDescription: "\(error)")
    }
}

private func encode(_ text: String, _ encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
}

extension InstanceAddress: Codable {
    public init(from decoder: any Decoder) throws {
        self = try decode(decoder) { try InstanceAddress(parsing: $0) }
    }

    public func encode(to encoder: any Encoder) throws { try Topology.encode(description, encoder) }
}

extension BinlogPosition: Codable {
    public init(from decoder: any Decoder) throws {
        self = try decode(decoder) { try BinlogPosition(parsing: $0) }
    }

    public func encode(to encoder: any Encoder) throws { try Topology.encode(description, encoder) }
}

extension GTIDSet: Codable {
    public init(from decoder: any Decoder) throws {
        self = try decode(decoder) { try GTIDSet(parsing: $0) }
    }

    public func encode(to encoder: any Encoder) throws { try Topology.encode(description, encoder) }
}

extension GTIDPosition: Codable {
    public init(from decoder: any Decoder) throws {
        self = try decode(decoder) { try GTIDPosition(parsing: $0) }
    }

    public func encode(to encoder: any Encoder) throws { try Topology.encode(description, encoder) }
}

extension ServerUUID: Codable {
    public init(from decoder: any Decoder) throws {
        self = try decode(decoder) { text in
            guard let uuid = ServerUUID(text) else {
                throw ParsingError(expected: "a server UUID", text: text, reason: "it has another form")
            }
            return uuid
        }
    }

    public func encode(to encoder: any Encoder) throws { try Topology.encode(description, encoder) }
}

extension Positioning: Codable {}
extension Writability: Codable {}

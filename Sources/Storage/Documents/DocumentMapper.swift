import Settings
import Topology

/// A value that has a place in a document: it can be written as JSON and read back to an equal value.
protocol DocumentValue: Equatable {
    static func read(_ json: JSON) throws(DocumentIssue) -> Self
    func written() -> JSON
}

/// A value that is a JSON object; one mapping serves both directions, so that they can't drift apart.
protocol DocumentObject: DocumentValue {
    /// The value of which every field is what an omitted key means; required fields hold anything.
    static var blank: Self { get }
    /// Names each field once, in the order in which they are printed.
    mutating func map(_ mapper: inout DocumentMapper) throws(DocumentIssue)
}

extension DocumentObject {
    static func read(_ json: JSON) throws(DocumentIssue) -> Self { try readObject(json) }

    static func readObject(_ json: JSON) throws(DocumentIssue) -> Self {
        var value = blank
        try DocumentMapper.read(json, into: &value) { value, mapper throws(DocumentIssue) in try value.map(&mapper) }
        return value
    }

    func written() -> JSON {
        DocumentMapper.write(self) { value, mapper throws(DocumentIssue) in try value.map(&mapper) }
    }
}

/// Walks over the fields of an object: it takes them out of JSON, or puts them into JSON.
struct DocumentMapper {
    /// What the walk is for.
    private enum Mode {
        case reading
        case writing
        /// Only names the keys, for "did you mean".
        case listing
    }

    private let mode: Mode
    private var members: [JSON.Member]
    /// One bit for each member that some field has taken.
    private var taken: UInt64 = 0
    /// Where the next key is expected: documents that we wrote have them in this order.
    private var cursor = 0
    private var keys: [String] = []
    private let offset: Int

    private init(_ mode: Mode, members: [JSON.Member] = [], offset: Int = 0) {
        self.mode = mode
        self.members = members
        self.offset = offset
    }

    var isReading: Bool { mode == .reading }
    var isWriting: Bool { mode == .writing }

    typealias Walk<Value> = (inout Value, inout DocumentMapper) throws(DocumentIssue) -> Void

    /// Reads an object and refuses keys that no field asked for.
    static func read<Value>(_ json: JSON, into value: inout Value, _ walk: Walk<Value>) throws(DocumentIssue) {
        guard case .object(let members) = json.content else {
            throw DocumentIssue(.badValue, "an object is expected here, not \(json.kindInWords)", offset: json.offset)
        }
        let blank = value
        var mapper = DocumentMapper(.reading, members: members, offset: json.offset)
        do throws(DocumentIssue) {
            try walk(&value, &mapper)
        } catch {
            // The key that is missing may be there with a slip of the pen in it.
            guard error.code == .missingKey else { throw error }
            let known = try keys(of: blank, walk)
            guard let stray = members.first(where: { !known.contains($0.key) }) else { throw error }
            throw unknown(stray, known)
        }
        if let stray = mapper.firstStray { throw unknown(stray, try keys(of: blank, walk)) }
    }

    /// The keys that an object may have.
    private static func keys<Value>(of blank: Value, _ walk: Walk<Value>) throws(DocumentIssue) -> [String] {
        var lister = DocumentMapper(.listing)
        var scratch = blank
        try walk(&scratch, &lister)
        return lister.keys
    }

    private static func unknown(_ stray: JSON.Member, _ keys: [String]) -> DocumentIssue {
        let hint = Suggestion.hint(for: stray.key, among: keys)
        let known = hint.isEmpty ? "; known keys are \(keys.joined(separator: ", "))" : hint
        let reason = "there is no key \"\(stray.key)\" here\(known)"
        return DocumentIssue(.unknownKey, reason, offset: stray.keyOffset).under(stray.key)
    }

    static func write<Value>(_ value: Value, _ walk: Walk<Value>) -> JSON {
        var mapper = DocumentMapper(.writing)
        var copy = value
        do throws(DocumentIssue) {
            try walk(&copy, &mapper)
        } catch {
            preconditionFailure("writing looks at no input, so nothing can be wrong with it: \(error.reason)")
        }
        return JSON(.object(mapper.members))
    }

    private var firstStray: JSON.Member? {
        guard members.count <= 64 else { return members[64] }
        guard taken.nonzeroBitCount < members.count else { return nil }
        return members.indices.first { taken & (1 << UInt64($0)) == 0 }.map { members[$0] }
    }

    /// The value under `key` while reading, marked as known; `nil` where it is omitted, and in other modes.
    mutating func take(_ key: String) -> JSON? {
        switch mode {
        case .writing: return nil
        case .listing:
            keys.append(key)
            return nil
        case .reading:
            for step in 0..<min(members.count, 64) {
                var index = cursor + step
                if index >= members.count { index -= members.count }
                guard members[index].key == key else { continue }
                taken |= 1 << UInt64(index)
                cursor = index + 1 == members.count ? 0 : index + 1
                return members[index].value
            }
            return nil
        }
    }

    /// Puts a member into the output while writing.
    mutating func put(_ key: String, _ json: @autoclosure () -> JSON) {
        if mode == .writing { members.append(JSON.Member(key, json())) }
    }

    /// A refusal of this object as a whole, or of one of its keys.
    func issue(_ code: DocumentError.Code, _ reason: String, at key: String? = nil) -> DocumentIssue {
        let place = members.first { $0.key == key }
        let issue = DocumentIssue(code, reason, offset: place?.value.offset ?? offset)
        return place.map { issue.under($0.key) } ?? issue
    }
}

extension DocumentMapper {
    /// A field that is omitted where it has its usual value.
    mutating func field<V: DocumentValue>(
        _ key: String, _ value: inout V, default usual: V
    ) throws(DocumentIssue) {
        if let json = take(key) {
            value = try Self.value(json, key)
        } else if isReading {
            value = usual
        } else if value != usual {
            put(key, value.written())
        }
    }

    /// A field that is always written, and where an omission when reading means `usual`.
    mutating func shown<V: DocumentValue>(_ key: String, _ value: inout V, default usual: V) throws(DocumentIssue) {
        if let json = take(key) {
            value = try Self.value(json, key)
        } else if isReading {
            value = usual
        } else {
            put(key, value.written())
        }
    }

    /// A field that is omitted where there is nothing to tell.
    mutating func field<V: DocumentValue>(_ key: String, _ value: inout V?) throws(DocumentIssue) {
        if let json = take(key) {
            value = try Self.value(json, key) as V
        } else if isReading {
            value = nil
        } else if let value {
            put(key, value.written())
        }
    }

    /// A field that has to be there.
    mutating func required<V: DocumentValue>(_ key: String, _ value: inout V) throws(DocumentIssue) {
        if let json = take(key) {
            value = try Self.value(json, key)
        } else if isReading {
            throw issue(.missingKey, "the key \"\(key)\" is missing here")
        } else {
            put(key, value.written())
        }
    }

    /// A list that is omitted where it is empty.
    mutating func list<V: DocumentValue>(_ key: String, _ values: inout [V]) throws(DocumentIssue) {
        if let json = take(key) {
            do throws(DocumentIssue) {
                values = try [V].read(json)
            } catch {
                throw error.under(key)
            }
        } else if isReading {
            values = []
        } else if !values.isEmpty {
            put(key, values.written())
        }
    }

    /// Reads the value of a key, with the key in the path of its errors.
    static func value<V: DocumentValue>(_ json: JSON, _ key: String) throws(DocumentIssue) -> V {
        do throws(DocumentIssue) {
            return try V.read(json)
        } catch {
            throw error.under(key)
        }
    }
}

extension Array where Element: DocumentValue {
    static func read(_ json: JSON) throws(DocumentIssue) -> [Element] {
        guard case .array(let elements) = json.content else {
            throw DocumentIssue(.badValue, "a list is expected here, not \(json.kindInWords)", offset: json.offset)
        }
        var values: [Element] = []
        values.reserveCapacity(elements.count)
        for (index, element) in elements.enumerated() {
            do throws(DocumentIssue) {
                values.append(try Element.read(element))
            } catch {
                throw error.at(index)
            }
        }
        return values
    }

    func written() -> JSON { .array(map { $0.written() }) }
}

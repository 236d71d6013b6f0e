/// The difference between two documents, as JSON, so small that a history can keep one per change.
///
/// In the notation of JSON Merge Patch (RFC 7386) an object names the keys that changed, and `null` takes a key away.
/// Beyond it, an object in place of a list names by index the elements that changed, where the number of elements
/// stayed. Documents hold no `null`, and no key of theirs changes between a list and an object, so that this is
/// unambiguous.
enum DocumentPatch {
    /// What turns `old` into `new`; `nil` where they are equal.
    static func between(_ old: JSON, _ new: JSON) -> JSON? {
        switch (old.content, new.content) {
        case (.object(let left), .object(let right)): return objects(left, right)
        case (.array(let left), .array(let right)) where left.count == right.count:
            var members: [JSON.Member] = []
            for (index, pair) in zip(left, right).enumerated() {
                guard let patch = between(pair.0, pair.1) else { continue }
                members.append(JSON.Member(String(index), patch))
            }
            return members.isEmpty ? nil : .object(members)
        default: return old == new ? nil : new
        }
    }

    private static func objects(_ left: [JSON.Member], _ right: [JSON.Member]) -> JSON? {
        var members: [JSON.Member] = []
        for member in right {
            guard let old = left.first(where: { $0.key == member.key }) else {
                members.append(member)
                continue
            }
            guard let patch = between(old.value, member.value) else { continue }
            members.append(JSON.Member(member.key, patch))
        }
        for member in left where !right.contains(where: { $0.key == member.key }) {
            members.append(JSON.Member(member.key, .null))
        }
        return members.isEmpty ? nil : .object(members)
    }

    /// The document after the change; keys may stand in another order than in the document that was compared.
    static func apply(_ patch: JSON, to document: JSON) -> JSON {
        guard case .object(let changes) = patch.content else { return patch }
        switch document.content {
        case .object(var members):
            for change in changes {
                let index = members.firstIndex { $0.key == change.key }
                switch (index, change.value.content) {
                case (let index?, .null): members.remove(at: index)
                case (let index?, _): members[index].value = apply(change.value, to: members[index].value)
                case (nil, .null): break
                case (nil, _): members.append(change)
                }
            }
            return .object(members)
        case .array(var elements):
            for change in changes {
                guard let index = Int(change.key), elements.indices.contains(index) else { continue }
                elements[index] = apply(change.value, to: elements[index])
            }
            return .array(elements)
        case .null, .bool, .number, .string: return patch
        }
    }
}

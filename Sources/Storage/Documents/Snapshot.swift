import Topology

/// A fleet at one moment, as a file: what `baton snapshot save` writes and `--snapshot FILE` reads.
///
/// `docs/snapshot.md` describes the format. Reading is all or nothing.
public struct Snapshot: Sendable {
    /// The version of the format that this baton writes, and the newest that it reads.
    public static let formatVersion = 1
    /// The key that marks the file and holds the format's version.
    static let marker = "baton-snapshot"

    /// When the fleet looked like this.
    public var taken: Timestamp
    /// The servers, with other names and names of clusters.
    public var fleet: Fleet

    /// Makes a snapshot to be written.
    public init(taken: Timestamp, fleet: Fleet) {
        self.taken = taken
        self.fleet = fleet
    }

    /// Reads a snapshot.
    ///
    /// - Parameters:
    ///   - bytes: the file's content.
    ///   - file: the file's name, for errors.
    ///   - now: stands in for the time that the file does not tell.
    /// - Throws: ``DocumentError`` with the place and the reason.
    public init(parsing bytes: [UInt8], file: String? = nil, now: Timestamp) throws {
        do throws(DocumentIssue) {
            self = try Snapshot(JSON(unplaced: bytes), now: now)
        } catch {
            throw DocumentError(error, file: file, text: bytes)
        }
    }

    /// The file's content, with instances, names and aliases sorted, so that two files can be compared line by line.
    public func text() -> String {
        json.text(.pretty) + "\n"
    }

    /// The document as a value, as ``text()`` prints it.
    public var json: JSON {
        DocumentMapper.write(SnapshotParts(self)) { value, mapper throws(DocumentIssue) in try value.map(&mapper) }
    }

    private init(_ json: JSON, now: Timestamp) throws(DocumentIssue) {
        try Self.checkMarker(json)
        var parts = SnapshotParts(Snapshot(taken: now, fleet: Fleet()))
        try DocumentMapper.read(json, into: &parts) { value, mapper throws(DocumentIssue) in try value.map(&mapper) }
        self = try parts.snapshot(json)
    }

    private static func checkMarker(_ json: JSON) throws(DocumentIssue) {
        guard case .object = json.content else {
            throw DocumentIssue(.version, "a snapshot is an object, not \(json.kindInWords)", offset: json.offset)
        }
        guard let version = json[marker] else {
            throw DocumentIssue(
                .version, "this is no baton snapshot: the key \"\(marker)\" with the format's version is missing",
                offset: json.offset)
        }
        guard case .number(let text) = version.content, let number = Int(text), number >= 1 else {
            throw version.mustBe("the format's version, 1,").under(marker)
        }
        if number > formatVersion {
            let reason = "this baton reads snapshots up to version \(formatVersion); a newer baton wrote this one"
            throw DocumentIssue(.version, reason, offset: version.offset).under(marker)
        }
    }
}

/// The top level of the file.
private struct SnapshotParts {
    var version = Snapshot.formatVersion
    var taken: Timestamp
    var instances: [Instance]
    var names: [(name: InstanceAddress, of: InstanceAddress)]
    var aliases: [(member: InstanceAddress, alias: String)]

    init(_ snapshot: Snapshot) {
        taken = snapshot.taken
        instances = snapshot.fleet.instances.sorted { $0.address < $1.address }
        names = snapshot.fleet.knownNames.map { ($0.key, $0.value) }.sorted { $0.0 < $1.0 }
        aliases = snapshot.fleet.givenClusterAliases.map { ($0.key, $0.value) }.sorted { $0.0 < $1.0 }
    }

    mutating func map(_ mapper: inout DocumentMapper) throws(DocumentIssue) {
        try mapper.required(Snapshot.marker, &version)
        try mapper.shown("taken", &taken, default: taken)
        if let json = mapper.take("clusterAliases") {
            aliases = try Self.entries(json, "clusterAliases")
        } else if !aliases.isEmpty {
            mapper.put("clusterAliases", .object(aliases.map { .init($0.member.description, .string($0.alias)) }))
        }
        if let json = mapper.take("names") {
            names = try Self.entries(json, "names")
        } else if !names.isEmpty {
            mapper.put("names", .object(names.map { .init($0.name.description, $0.of.written()) }))
        }
        if let json = mapper.take("instances") {
            do throws(DocumentIssue) {
                instances = try Self.instances(json, taken: taken)
            } catch {
                throw error.under("instances")
            }
        } else if mapper.isReading {
            throw mapper.issue(.missingKey, "the key \"instances\" with the list of servers is missing here")
        } else {
            mapper.put("instances", .array(instances.map { InstanceDocument($0).json }))
        }
    }

    private static func instances(_ json: JSON, taken: Timestamp) throws(DocumentIssue) -> [Instance] {
        guard case .array(let elements) = json.content else { throw json.mustBe("a list of servers") }
        var instances: [Instance] = []
        instances.reserveCapacity(elements.count)
        var seen: Set<InstanceAddress> = []
        for (index, element) in elements.enumerated() {
            do throws(DocumentIssue) {
                let context = InstanceDocument.Context(taken: taken, serverID: UInt32(truncatingIfNeeded: index + 1))
                let instance = try InstanceDocument.read(element, context: context).instance
                guard seen.insert(instance.address).inserted else {
                    let reason = "the server \(instance.address) is already in this list"
                    throw DocumentIssue(.contradiction, reason, offset: element.offset)
                }
                instances.append(instance)
            } catch {
                throw error.at(index)
            }
        }
        return instances
    }

    /// An object whose keys are addresses.
    private static func entries<V: DocumentValue>(
        _ json: JSON, _ key: String
    ) throws(DocumentIssue) -> [(InstanceAddress, V)] {
        guard case .object(let members) = json.content else { throw json.mustBe("an object").under(key) }
        var entries: [(InstanceAddress, V)] = []
        for member in members {
            do throws(DocumentIssue) {
                let address = try InstanceAddress.read(JSON(.string(member.key), offset: member.keyOffset))
                entries.append((address, try V.read(member.value)))
            } catch {
                throw error.under(member.key).under(key)
            }
        }
        return entries
    }

    func snapshot(_ json: JSON) throws(DocumentIssue) -> Snapshot {
        var fleet = Fleet(instances)
        for (name, address) in names {
            guard fleet[address] != nil, fleet[name] == nil else {
                let reason =
                    fleet[address] == nil
                    ? "\(address) is not in the list of servers, so it can have no other name"
                    : "\(name) is a server or name of its own in this file, so it can't be another name of \(address)"
                throw DocumentIssue(.contradiction, reason, offset: json["names"]?.offset ?? json.offset).under("names")
            }
            fleet.addName(name, of: address)
        }
        for (member, alias) in aliases { fleet.setClusterAlias(alias, of: member) }
        return Snapshot(taken: taken, fleet: fleet)
    }
}

import Foundation

/// The file in a lab's folder that says what the lab consists of.
struct LabState: Codable, Sendable {
    /// Rises when a field changes its meaning.
    static let currentFormat = 1

    var format = LabState.currentFormat
    let name: String
    /// In the notation of shapes.
    let shape: String
    var servers: [ServerRecord]
    /// The workload that runs in the background, if any.
    var workload: WorkloadRecord?

    struct WorkloadRecord: Codable, Sendable {
        let process: ProcessIdentity
        let run: Int64
    }
}

/// Reads and writes a lab's state file; each change is made under a lock and appears as a whole, so that several
/// batons, and a crash at any moment, leave a file that can be read.
struct LabStateFile: Sendable {
    let folder: String

    private var path: String { folder + "/lab.json" }

    var exists: Bool { FileManager.default.fileExists(atPath: path) }

    /// - Throws: ``LabError/notUp(folder:)``, or ``LabError/badFolder(_:reason:)`` when the file is not one of ours.
    func read() throws -> LabState {
        guard let data = FileManager.default.contents(atPath: path) else { throw LabError.notUp(folder: folder) }
        do {
            let state = try JSONDecoder().decode(LabState.self, from: data)
            guard state.format == LabState.currentFormat else {
                throw LabError.badFolder(folder, reason: "it was made by another version of baton")
            }
            return state
        } catch let error as DecodingError {
            throw LabError.badFolder(folder, reason: "lab.json can't be read: \(error)")
        }
    }

    /// Writes a first state.
    func create(_ state: LabState) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try encoder.encode(state).write(to: URL(fileURLWithPath: path), options: .atomic)
    }

    /// Changes the state and returns the new one.
    @discardableResult
    func update(_ change: (inout LabState) -> Void) async throws -> LabState {
        try await FileLock.withLock(at: folder + "/lock") {
            var state = try read()
            change(&state)
            try create(state)
            return state
        }
    }

    /// Changes what is remembered of one server.
    func update(server name: String, _ change: (inout ServerRecord) -> Void) async throws {
        try await update { state in
            guard let place = state.servers.firstIndex(where: { $0.name == name }) else { return }
            change(&state.servers[place])
        }
    }

    func remove() {
        try? FileManager.default.removeItem(atPath: path)
    }
}

import Engine
import Foundation
import Servers
import Storage
import TestSupport
import Testing
import Topology

@Suite("The recorder in the store")
struct StoreRecorderTests {
    @Test("what another process forgets is told once, also after quiet looks that read nothing")
    func forgottenElsewhere() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "baton-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "baton.db").path
        let store = try await Store.open(at: path)
        let ours = StoreRecorder(store)
        let theirs = StoreRecorder(try await Store.open(at: path))
        let fleet = Fleet([Instance(address: "db1"), Instance(address: "db2")])
        _ = try await theirs.record(fleet, changed: ["db1", "db2"], events: [], at: Timestamp(seconds: 1_790_000_000))

        for look in 0..<3 {
            #expect(try await ours.forgottenMeanwhile() == [], "look \(look)")
        }
        for address: InstanceAddress in ["db1", "db2"] {
            // A quiet look, so that the mark of the last write is known.
            try await eventually(within: .seconds(5)) { store.writeMark(now: .now()) != nil }
            #expect(try await ours.forgottenMeanwhile() == [])
            try await theirs.forgot(address, at: Timestamp(seconds: 1_790_000_010))
            #expect(try await ours.forgottenMeanwhile() == [address])
        }
    }
}

import Foundation
import GRDB
import Glibc
import Testing
import Topology

@testable import Storage

@Suite("A store that cannot be used")
struct StoreTroubleTests {
    let directory: TemporaryDirectory
    let path: String
    let now = Timestamp(seconds: 1_790_000_000)

    init() throws {
        directory = try TemporaryDirectory()
        path = directory.file("baton.db")
    }

    private func refusal() async -> StoreError? {
        await #expect(throws: StoreError.self) { _ = try await Store.open(at: path) }
    }

    @Test("is refused where it is no database, and left as it is")
    func noDatabase() async throws {
        let content = Data("my important notes".utf8)
        try content.write(to: URL(fileURLWithPath: path))
        #expect(await refusal()?.code == .foreignFile)
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == content)
    }

    @Test("is refused where it is another program's database, and left as it is")
    func foreign() async throws {
        let queue = try DatabaseQueue(path: path)
        try await queue.write { try $0.execute(sql: "CREATE TABLE instance (x)") }
        try queue.close()
        let content = try Data(contentsOf: URL(fileURLWithPath: path))
        #expect(await refusal()?.code == .foreignFile)
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == content)
    }

    @Test("is refused where a newer baton has changed it")
    func newer() async throws {
        try await Store.open(at: path).close()
        let queue = try DatabaseQueue(path: path)
        try await queue.write { try $0.execute(sql: "PRAGMA user_version = \(StoreSchema.version + 1)") }
        try queue.close()
        let error = await refusal()
        #expect(error?.code == .newerSchema)
        #expect(error?.description.contains("--store") == true)
    }

    @Test("is refused where it is damaged, and left as it is")
    func corrupt() async throws {
        let store = try await Store.open(at: path)
        let lease = try await store.lease(now: now)
        let instances = (0..<100).map { Instance(address: InstanceAddress(host: "db\($0)")) }
        try await store.record(FleetChange(at: now, instances: instances), under: lease)
        try store.close()
        var content = try Data(contentsOf: URL(fileURLWithPath: path))
        for index in 4096..<content.count { content[index] = 0xA5 }
        try content.write(to: URL(fileURLWithPath: path))
        let error = await #expect(throws: StoreError.self) {
            let store = try await Store.open(at: path)
            _ = try await store.loadFleet()
        }
        #expect(error?.code == .corrupt, "\(error?.description ?? "")")
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == content)
    }

    @Test("says so on a full disk, keeps what it has, and goes on when there is room")
    func full() async throws {
        let store = try await Store.open(at: path)
        let lease = try await store.lease(now: now)
        let instances = (0..<500).map { Instance(address: InstanceAddress(host: "db\($0)")) }
        try await store.record(FleetChange(at: now, instances: Array(instances.prefix(10))), under: lease)
        // SQLite answers as it does on a full file system.
        try await store.writeWithoutTransaction("limiting") { db in
            _ = try Int.fetchOne(db, sql: "PRAGMA max_page_count = 1")
        }
        let error = await #expect(throws: StoreError.self) {
            try await store.record(FleetChange(at: now, instances: instances), under: lease)
        }
        #expect(error?.code == .diskFull)
        #expect(try await store.loadFleet().fleet.count == 10)
        try await store.writeWithoutTransaction("lifting") { db in
            _ = try Int.fetchOne(db, sql: "PRAGMA max_page_count = 1000000")
        }
        try await store.record(FleetChange(at: now, instances: instances), under: lease)
        #expect(try await store.loadFleet().fleet.count == 500)
    }

    @Test("can be read where only reading is allowed", .enabled(if: geteuid() != 0, "root may write everything"))
    func readOnly() async throws {
        let store = try await Store.open(at: path)
        let lease = try await store.lease(now: now)
        try await store.record(FleetChange(at: now, instances: [Instance(address: .init(host: "a"))]), under: lease)
        try store.close()
        #expect(chmod(path, 0o400) == 0)
        let reader = try await Store.open(at: path)
        #expect(reader.access != .readWrite)
        #expect(try await reader.loadFleet().fleet.count == 1)
        let error = await #expect(throws: StoreError.self) { try await reader.forget(.init(host: "a"), at: now) }
        #expect(error?.code == .readOnly)
    }

    @Test("says that it was closed, and not that memory is short, to whoever uses it afterwards")
    func closed() async throws {
        let store = try await Store.open(at: path)
        let lease = try await store.lease(now: now)
        try await store.record(FleetChange(at: now, instances: [Instance(address: .init(host: "a"))]), under: lease)
        // Whatever is at work meanwhile has its answer, or is told the same.
        let readers = (0..<20).map { _ in Task { try await store.loadFleet().fleet.count } }
        try store.close()
        for reader in readers {
            do throws(any Error) {
                #expect(try await reader.value == 1)
            } catch {
                #expect((error as? StoreError)?.code == .closed, "\(error)")
            }
        }
        let reading = await #expect(throws: StoreError.self) { try await store.loadFleet() }
        let writing = await #expect(throws: StoreError.self) { try await store.forget(.init(host: "a"), at: now) }
        for error in [reading, writing] {
            #expect(error?.code == .closed)
            let words = error?.description ?? ""
            #expect(words.contains(path) && words.contains("has closed the store before"), "\(words)")
            #expect(words.contains("Open it again") && !words.contains("memory"), "\(words)")
        }
        try store.close()
        let again = try await Store.open(at: path)
        #expect(try await again.loadFleet().fleet.count == 1)
        try again.close()
    }

    @Test("has no place without a home directory")
    func noHome() throws {
        #expect(try StoreFile.defaultPath(environment: ["HOME": "/home/a"]) == "/home/a/.local/state/baton/baton.db")
        #expect(try StoreFile.defaultPath(environment: ["HOME": "/h", "XDG_STATE_HOME": "/s"]) == "/s/baton/baton.db")
        #expect(
            try StoreFile.defaultPath(environment: ["HOME": "/h", "XDG_STATE_HOME": "s"])
                == "/h/.local/state/baton/baton.db")
        #expect(throws: StoreError.self) { try StoreFile.defaultPath(environment: [:]) }
    }
}

@Suite("The modes of a store's files")
struct StoreModeTests {
    private func mode(_ path: String) -> mode_t {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mode & 0o7777 : 0
    }

    @Test("let only the owner in by default")
    func alone() async throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("state/baton/baton.db")
        let store = try await Store.open(at: path)
        #expect(mode(directory.file("state")) == 0o700)
        #expect(mode(directory.file("state/baton")) == 0o700)
        for suffix in ["", "-wal", "-shm"] { #expect(mode(path + suffix) == 0o600) }
        try store.close()
    }

    @Test("let a group in, in a directory that was made for it")
    func shared() async throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("shared/baton.db")
        try FileManager.default.createDirectory(atPath: directory.file("shared"), withIntermediateDirectories: true)
        #expect(chmod(directory.file("shared"), 0o2770) == 0)
        let store = try await Store.open(at: path)
        for suffix in ["", "-wal", "-shm"] { #expect(mode(path + suffix) == 0o660) }
        try store.close()
    }
}

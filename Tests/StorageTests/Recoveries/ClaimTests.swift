import Foundation
import Glibc
import Recovery
import TestSupport
import Testing
import Topology

@testable import Storage

@Suite("The claim of a cluster's recovery")
struct ClaimTests {
    let directory: TemporaryDirectory
    let now = Timestamp(seconds: 1_790_000_000)
    let anna = LeaseHolder(id: "a", pid: 1, host: "bastion", user: "anna")
    let bert = LeaseHolder(id: "b", pid: 2, host: "bastion", user: "bert")
    let db1 = InstanceAddress(host: "db1")
    let db2 = InstanceAddress(host: "db2")
    let db3 = InstanceAddress(host: "db3")

    init() throws {
        directory = try TemporaryDirectory()
    }

    private func record(
        _ holder: LeaseHolder, of failed: InstanceAddress, at time: Timestamp, kind: RecoveryKind = .failover
    ) -> RecoveryRecord {
        RecoveryRecord(
            kind, of: failed, in: ClusterName(failed, alias: "shop"), failure: "primary.dead",
            author: Author(user: holder.user, client: "10.0.0.1 1 22"), reason: "it died", startedAt: time,
            holder: holder, expires: time + .seconds(30))
    }

    private func held(_ claim: RecoveryClaim?) throws -> Int64 {
        guard case .held(let id) = claim else { throw NotHeld(claim: claim) }
        return id
    }

    private struct NotHeld: Error {
        let claim: RecoveryClaim?
    }

    @Test("is one's, also where the other calls the cluster by another member, until it ends")
    func exclusion() async throws {
        let one = try await Store.open(at: directory.file("baton.db"))
        let two = try await Store.open(at: directory.file("baton.db"))
        let first = try held(try await one.claim(record(anna, of: db1, at: now), members: [db1, db2, db3], now: now))
        let other = try await two.claim(record(bert, of: db2, at: now), members: [db2], now: now)
        guard case .heldBy(let found) = other else { throw NotHeld(claim: other) }
        #expect(found.id == first && found.holder == anna)
        let elsewhere = InstanceAddress(host: "elsewhere")
        _ = try held(try await two.claim(record(bert, of: elsewhere, at: now), members: [], now: now))
        try await one.endRecovery(first, .done, report: #"{"lost":0}"#, note: "proved", holder: anna, at: now)
        _ = try held(try await two.claim(record(bert, of: db2, at: now), members: [db2], now: now))
        let ended = try #require(try await two.recovery(first))
        #expect(ended.outcome == .done && ended.endedAt == now && ended.report == #"{"lost":0}"#)
        #expect(ended.notes.map(\.text) == ["proved"])
    }

    @Test("can be taken up when its holder has not spoken for too long, who then writes no more")
    func takeover() async throws {
        let store = try await Store.open(at: directory.file("baton.db"))
        let id = try held(try await store.claim(record(anna, of: db1, at: now), members: [db2], now: now))
        let soon = now + .seconds(29)
        let refused = try await store.takeUpRecovery(
            id, by: bert, members: [db2], expires: soon + .seconds(30), note: "", now: soon)
        guard case .heldBy(let holding) = refused else { throw NotHeld(claim: refused) }
        #expect(holding.holder == anna)
        let later = now + .seconds(31)
        #expect(try await store.recovery(id)?.outcome(at: later) == .interrupted)
        #expect(try await store.openRecoveries(now: later).map(\.id) == [id])
        _ = try held(
            try await store.takeUpRecovery(
                id, by: bert, members: [db2], expires: later + .seconds(30), note: "taken up by bert", now: later))
        let error = await #expect(throws: StoreError.self) {
            try await store.renewRecovery(id, holder: anna, expires: later + .seconds(60), at: later)
        }
        #expect(error?.code == .leaseLost)
        await #expect(throws: StoreError.self) {
            try await store.endRecovery(id, .failed, holder: anna, at: later)
        }
        let nobodys = try await store.takeUpRecovery(
            99, by: bert, members: [], expires: later, note: "", now: later)
        #expect(nobodys == nil)
        await #expect(throws: StoreError.self) {
            try await store.settleRecovery(id, .left, note: "", at: later)
        }
        try await store.settleRecovery(id, .left, note: "left by carl", at: later + .seconds(31))
        let left = try #require(try await store.recovery(id))
        #expect(left.outcome == .left && left.notes.map(\.text) == ["taken up by bert", "left by carl"])
    }

    @Test("names the one after which it was made, by which it is found")
    func following() async throws {
        let store = try await Store.open(at: directory.file("baton.db"))
        let first = try held(try await store.claim(record(anna, of: db1, at: now), members: [db2], now: now))
        try await store.endRecovery(first, .done, holder: anna, at: now)
        var after = record(anna, of: db2, at: now)
        after.follows = first
        let second = try held(try await store.claim(after, members: [db1], now: now))
        var progress = RecoveryProgress()
        progress.hookFacts = "{}"
        try await store.note(progress, ofRecovery: second, holder: anna, expires: now + .seconds(40), at: now)
        var filter = RecoveryFilter()
        filter.following = first
        let found = try await store.recoveries(filter)
        #expect(found.map(\.id) == [second] && found.first?.follows == first && found.first?.hookFacts == "{}")
        try store.close()
    }

    @Test("keeps what its process writes down, also when the store is opened anew")
    func progress() async throws {
        let path = directory.file("baton.db")
        let store = try await Store.open(at: path)
        let id = try held(try await store.claim(record(anna, of: db1, at: now), members: [db2], now: now))
        var progress = RecoveryProgress(phase: "promoting", note: "\(db2) has received most")
        progress.part = RecoveryRecord.Part("plan-1", operation: 7)
        progress.successor = db2
        progress.lost = [db3]
        progress.loss = #"{"missing":"0"}"#
        progress.confirmed = #"{"candidate":"db2"}"#
        try await store.note(
            progress, ofRecovery: id, holder: anna, expires: now + .seconds(40), at: now + .seconds(10))
        progress = RecoveryProgress(note: nil)
        progress.part = RecoveryRecord.Part("plan-2", operation: 9)
        progress.hooks = "[]"
        try await store.note(
            progress, ofRecovery: id, holder: anna, expires: now + .seconds(50), at: now + .seconds(20))
        try store.close()
        let again = try await Store.open(at: path)
        let read = try #require(try await again.recovery(id))
        #expect(read.phase == "promoting" && read.successor == db2 && read.lost == [db3] && read.hooks == "[]")
        #expect(read.parts == [.init("plan-1", operation: 7), .init("plan-2", operation: 9)])
        #expect(read.loss == #"{"missing":"0"}"# && read.confirmed == #"{"candidate":"db2"}"#)
        #expect(read.notes == [.init(at: now + .seconds(10), text: "\(db2) has received most")])
        #expect(read.cluster == ClusterName(db1, alias: "shop") && read.failure == "primary.dead")
        #expect(read.author == Author(user: "anna", client: "10.0.0.1 1 22") && read.expires == now + .seconds(50))
        #expect(try await again.recovery(uid: read.uid)?.id == id)
        #expect(try await again.recovery(ofOperation: 9)?.id == id)
        #expect(try await again.recovery(ofOperation: 8) == nil)
    }

    @Test("goes to exactly one of two processes that ask at once, and is free again when that one is killed")
    func processes() async throws {
        let path = directory.file("baton.db")
        let writers = try (0..<2).map { _ in try KillTests.start(path, "--claim") }
        defer {
            for (process, _) in writers where process.isRunning {
                Glibc.kill(process.processIdentifier, SIGKILL)
                process.waitUntilExit()
            }
        }
        let answers = writers.map { String(decoding: $1.fileHandleForReading.availableData, as: UTF8.self) }
        #expect(answers.sorted() == ["held 1\n", "taken 1\n"])
        let store = try await Store.open(at: path)
        let time = Timestamp(seconds: Int64(time(nil)))
        let mine = record(.current(), of: db2, at: time)
        guard case .heldBy = try await store.claim(mine, members: [], now: time) else {
            Issue.record("a third got what one of two holds")
            return
        }
        for (process, _) in writers {
            Glibc.kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
        }
        #expect(try await store.recovery(1)?.outcome(at: time) == .interrupted)
        _ = try held(try await store.claim(mine, members: [], now: time))
    }
}

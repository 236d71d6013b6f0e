import Operations
import Storage
import Topology

extension OperationDesk {
    /// What operators say about servers now and have said for later, by the addresses of a fleet; nothing where there is no
    /// store.
    ///
    /// - Throws: ``OperationError/journal(_:)``.
    public func marks(in fleet: Fleet) async throws(OperationError) -> OperatorMarks {
        guard let store else { return OperatorMarks() }
        let moment = now()
        return try await OperationError.ofJournal {
            try await marksMemory.marks(of: store, in: fleet, now: moment)
        }
    }

    /// Says something about a server, in place of what was said of that kind before.
    ///
    /// - Throws: ``OperationError``, also where there is no store.
    public func mark(
        _ address: InstanceAddress, _ meaning: MarkMeaning, for length: Duration?, reason: String,
        by author: Author = .current()
    ) async throws(OperationError) {
        let store = try storeToWrite
        let moment = now()
        let mark = Mark(
            meaning, owner: author.user, reason: reason, begins: moment, ends: length.map { moment + $0 })
        try await OperationError.ofJournal {
            _ = try await store.set(mark, on: address, client: author.client, at: moment)
        }
    }

    /// Takes back what was said about a server.
    ///
    /// - Parameter author: who does so; `nil` where it ends because of what a server does.
    /// - Returns: whether there was anything to take back.
    /// - Throws: ``OperationError``, also where there is no store.
    public func endMark(
        _ kind: MarkMeaning.Kind, of address: InstanceAddress, reason: String = "", by author: Author? = .current()
    ) async throws(OperationError) -> Bool {
        let store = try storeToWrite
        let moment = now()
        return try await OperationError.ofJournal {
            try await store.endMark(kind, of: address, by: author, reason: reason, at: moment) != nil
        }
    }

    private var storeToWrite: Store {
        get throws(OperationError) {
            guard let store else { throw .noJournal(objectionToActing ?? "there is no store") }
            return store
        }
    }
}

extension Mark<Maintenance> {
    /// Who is at work, as locks name it.
    var holderWords: String {
        let end = ends.map { ", until \($0)" } ?? ""
        return "the maintenance of \(owner)" + (reason.isEmpty ? "" : " (\(reason))") + end
    }
}

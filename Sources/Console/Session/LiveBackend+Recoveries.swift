import Engine
import Operations
import Recovery
import Storage
import Topology

extension LiveBackend {
    public func recoveries() async -> RecoveriesReading {
        do throws(OperationError) {
            var book = RecoveryBook()
            book.recoveries = try await engine.desk.recoveries()
            book.atWork = Set(book.recoveries.filter(engine.desk.isAtWork).map(\.id))
            book.detections = try await engine.desk.detections()
            book.blocked = try await engine.desk.blockedRecoveries()
            return .read(book)
        } catch {
            return .unreadable("\(error)")
        }
    }

    public func readiness() async -> [Readiness] {
        guard let scene = await engine.scene() else { return [] }
        return await engine.desk.readiness(in: scene)
    }

    /// Takes note of a recovery, and tells how that went.
    func acknowledging(_ id: Int64, _ reason: String) async -> Notice {
        do throws(OperationError) {
            guard try await engine.desk.acknowledgeRecovery(id, reason: reason) != nil else {
                return Notice(.refused, "recovery \(id) was acknowledged already, or is still at work")
            }
            return Notice(.done, "recovery \(id) is acknowledged")
        } catch {
            return Notice(.refused, "\(error)")
        }
    }
}

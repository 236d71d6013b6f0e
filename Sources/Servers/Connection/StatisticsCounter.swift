import Synchronization

/// Adds up what connections cost; one for each connection, and one for the process.
final class StatisticsCounter: Sendable {
    static let process = StatisticsCounter(parent: nil)

    private let parent: StatisticsCounter?
    private let sum = Mutex(ConnectionStatistics())

    init(parent: StatisticsCounter? = .process) {
        self.parent = parent
    }

    var current: ConnectionStatistics { sum.withLock { $0 } }

    func count(roundTrip exchange: borrowing Exchange) {
        var cost = ConnectionStatistics()
        cost.roundTrips = 1
        cost.bytesSent = exchange.bytesSent
        cost.bytesReceived = exchange.bytesReceived
        add(cost)
    }

    func countConnect() {
        var cost = ConnectionStatistics()
        cost.connects = 1
        add(cost)
    }

    private func add(_ cost: ConnectionStatistics) {
        sum.withLock { $0 = $0 + cost }
        parent?.add(cost)
    }
}

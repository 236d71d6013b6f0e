/// The 128-bit identity that a MySQL server gives itself (`auto.cnf`) and under which it writes its transactions.
public struct ServerUUID: Hashable, Sendable {
    public let high: UInt64
    public let low: UInt64

    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }
}

import Refactoring

/// For how long a plan keeps a replica from applying, in words: the same in the console and on the command line.
public struct StandstillWords: Hashable, Sendable {
    /// The replica, with its channel where it is not the default one, and between which steps it stands still.
    public let place: String
    /// How long that is as a rule, or for whom it waits; empty where it stays stopped.
    public let usually: String
    /// The longest that it can be; empty where it stays stopped.
    public let most: String
    /// Whether somebody should look twice: it stays stopped, or waits for a server that is behind.
    public let isWarning: Bool

    /// What is said of a plan in which no replica stands still.
    public static let none = "no replica"

    /// Says one standstill.
    public init(_ standstill: Standstill) {
        let name = "\(standstill.instance)" + (standstill.channel.isEmpty ? "" : " (\(standstill.channel))")
        guard let end = standstill.to else {
            place = "\(name) from step \(standstill.from + 1) on: it stays stopped"
            (usually, most, isWarning) = ("", "", true)
            return
        }
        let steps =
            end == standstill.from ? "within step \(end + 1)" : "from step \(standstill.from + 1) to \(end + 1)"
        place = "\(name) \(steps)"
        most = ", \(standstill.limit.words) at most"
        isWarning = standstill.laggard != nil
        usually =
            standstill.laggard.map {
                ", until \($0.instance) has made good the \($0.behind.words) that it is behind"
            } ?? ", milliseconds as a rule"
    }

    /// All of it.
    public var text: String { place + usually + most }
}

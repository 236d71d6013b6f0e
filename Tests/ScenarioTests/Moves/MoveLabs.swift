import Lab
import Testing

/// Plans as they are made, carried out on real servers of both families while rows are written, and the data compared.
///
/// The servers are shared: each test leaves them as it found them.
@Suite("Moves on real servers", .serialized, .timeLimit(.minutes(4)), .realLabs(MoveLabs.shape))
enum MoveScenarios {}

/// The servers on which plans are tried.
enum MoveLabs {
    static func shape(_ flavour: Shape.Flavour) -> String {
        let name = flavour.rawValue
        return
            "\(name): a(b(d e f g h) c); \(name)[positions]: p(q(s t) r); \(name): m(x) n(x); \(name)[semi-sync=2]: u(v)"
    }

    /// A cluster of three levels, and the parts that its servers play.
    struct Tree: Sendable, CustomTestStringConvertible {
        /// The way in which its replicas find their place when a test begins.
        let name: String
        let primary: String
        let middle: String
        /// The middle one's only sibling.
        let beside: String
        /// Replicas of the middle one.
        let leaves: [String]

        var all: [String] { [primary, middle, beside] + leaves }
        var testDescription: String { name }
    }

    static let byGTID = Tree(name: "GTID", primary: "a", middle: "b", beside: "c", leaves: ["d", "e", "f", "g", "h"])
    static let byPosition = Tree(name: "position", primary: "p", middle: "q", beside: "r", leaves: ["s", "t"])
}

import Foundation
import Testing

@testable import Lab

/// Everything that baton does, on real servers of both families: an engine with a store watches them, they are harmed
/// on purpose, and what the engine tells is compared with what was done.
///
/// The servers are shared, so that each test leaves them as it found them, and one runs after the other.
@Suite("Scenarios", .serialized, .timeLimit(.minutes(3)), .realLabs)
enum Scenarios {}

/// The labs in which scenarios play.
enum Labs {
    /// One of each family that can be had, while the suite runs.
    @TaskLocal static var up: [Shape.Flavour: Lab] = [:]

    /// - `a`, `b`, `c`, `d`: a tree of three levels.
    /// - `m`, `n`, `o`, `x`: two co-primaries, and a replica of one of them and of a third server.
    /// - `p`, `q`: semi-sync, with binary log positions in place of GTIDs.
    /// - `e`: a server by itself.
    static func shape(_ flavour: Shape.Flavour) -> String {
        let name = flavour.rawValue
        return "\(name): a(b(c) d); \(name): m=n(x) o(x); \(name)[positions semi-sync=2]: p(q); \(name): e"
    }

    static let tree = ["a", "b", "c", "d"]

    /// The lab of that family; where there is none the test is skipped with a word.
    static func of(_ flavour: Shape.Flavour) throws -> Lab {
        if let lab = up[flavour] { return lab }
        try Test.cancel("\(LabError.noInstallation(flavour))")
    }
}

/// Brings the labs up before the first scenario and takes them down after the last.
struct RealLabsTrait: SuiteTrait, TestScoping {
    /// What the lab of a family looks like.
    let shape: @Sendable (Shape.Flavour) -> String

    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.path + "/baton-scenarios-\(UUID().uuidString)"
        let result: Result<Void, any Error>
        do {
            let labs = try await bringUp(in: folder)
            result = .success(try await Labs.$up.withValue(labs, operation: function))
        } catch {
            result = .failure(error)
        }
        for flavour in Shape.Flavour.allCases { try await Lab.down(folder: "\(folder)/\(flavour.rawValue)") }
        try? FileManager.default.removeItem(atPath: folder)
        try result.get()
    }

    private func bringUp(in folder: String) async throws -> [Shape.Flavour: Lab] {
        try await withThrowingTaskGroup(of: (Shape.Flavour, Lab?).self) { group in
            for flavour in Shape.Flavour.allCases {
                group.addTask {
                    do {
                        let shape = try Shape(parsing: shape(flavour))
                        let lab = try await Lab.up(
                            shape, in: "\(folder)/\(flavour.rawValue)", lifetime: .thisProcess)
                        return (flavour, lab)
                    } catch LabError.noInstallation(.mysql) {
                        // MariaDB is a package anywhere; MySQL is not.
                        return (flavour, nil)
                    }
                }
            }
            return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
    }
}

extension Trait where Self == RealLabsTrait {
    /// Real servers of both families for the time of a suite.
    static var realLabs: RealLabsTrait { RealLabsTrait(shape: Labs.shape) }

    /// Real servers of both families, of another shape.
    static func realLabs(_ shape: @escaping @Sendable (Shape.Flavour) -> String) -> RealLabsTrait {
        RealLabsTrait(shape: shape)
    }
}

/// Where a lab says what it is doing, when that takes more than a moment.
public struct LabProgress: Sendable {
    private let line: @Sendable (String) -> Void

    /// - Parameter line: receives one short line for each step.
    public init(_ line: @escaping @Sendable (String) -> Void) {
        self.line = line
    }

    /// Nobody listens.
    public static let silent = LabProgress { _ in }

    func say(_ text: String) { line(text) }
}

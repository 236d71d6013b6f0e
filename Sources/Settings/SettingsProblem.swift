/// One thing that is wrong in a settings file, with the place where it stands.
public struct SettingsProblem: Sendable, Hashable {
    /// The file as the user named it.
    public var file: String
    /// Line, counted from 1; nil when the file as a whole is meant (it cannot be read).
    public var line: Int?
    /// Column, counted from 1; known for syntax errors and for keys.
    public var column: Int?
    /// The dotted path of the key, empty for syntax errors.
    public var key: String
    /// What is wrong and what would be right, as a sentence without a full stop.
    public var reason: String

    /// Makes a problem.
    public init(file: String, line: Int?, column: Int? = nil, key: String = "", reason: String) {
        self.file = file
        self.line = line
        self.column = column
        self.key = key
        self.reason = reason
    }
}

extension SettingsProblem: CustomStringConvertible {
    /// `FILE:LINE:COLUMN: KEY: REASON`, the form editors know how to jump to.
    public var description: String {
        var text = file
        if let line {
            text += ":\(line)"
            if let column { text += ":\(column)" }
        }
        text += ": "
        if !key.isEmpty { text += "\(key): " }
        return text + reason
    }
}

/// A settings file was refused; every problem found is listed, not only the first.
public struct SettingsError: Error, Sendable, Hashable {
    /// The problems in the order of their lines.
    public var problems: [SettingsProblem]

    /// Makes an error of `problems`, which are put in the order of their lines.
    public init(_ problems: [SettingsProblem]) {
        self.problems = problems.sorted {
            ($0.file, $0.line ?? 0, $0.column ?? 0) < ($1.file, $1.line ?? 0, $1.column ?? 0)
        }
    }
}

extension SettingsError: CustomStringConvertible {
    /// One problem a line.
    public var description: String { problems.map(\.description).joined(separator: "\n") }
}

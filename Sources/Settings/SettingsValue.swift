import TOMLKit

/// A value read from a settings file, free of the library that read it.
public indirect enum SettingsValue: Sendable, Hashable {
    /// A string.
    case string(String)
    /// A whole number.
    case integer(Int)
    /// A number with a fraction.
    case number(Double)
    /// `true` or `false`.
    case boolean(Bool)
    /// A list.
    case array([SettingsValue])
    /// A table.
    case table([String: SettingsValue])
    /// A date or a time; no setting of baton is one, so it is only named in complaints.
    case date

    /// What the value is, as a user calls it.
    public var kind: String {
        switch self {
        case .string: "a string"
        case .integer: "a whole number"
        case .number: "a number"
        case .boolean: "true or false"
        case .array: "a list"
        case .table: "a table"
        case .date: "a date or time"
        }
    }

    init(_ table: TOMLTable) {
        var values: [String: SettingsValue] = [:]
        for key in table.keys {
            if let value = table[key] { values[key] = SettingsValue(value) }
        }
        self = .table(values)
    }

    init(_ value: any TOMLValueConvertible) {
        switch value.type {
        case .table: self = value.table.map { SettingsValue($0) } ?? .table([:])
        case .array: self = .array(value.array?.map { SettingsValue($0) } ?? [])
        case .string: self = .string(value.string ?? "")
        case .int: self = .integer(value.int ?? 0)
        case .double: self = .number(value.double ?? 0)
        case .bool: self = .boolean(value.bool ?? false)
        case .date, .time, .dateTime: self = .date
        }
    }
}

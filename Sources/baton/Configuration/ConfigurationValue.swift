import Settings
import Storage

/// The value of a key that is in force, to be written out.
enum ConfigurationValue: Hashable {
    case text(String)
    case number(Int)
    case flag(Bool)
    case duration(Duration)
    /// Bytes.
    case size(Int)
    case list([String])

    /// As it stands in a configuration file.
    var toml: String {
        switch self {
        case .text(let text): TOMLText.quoted(text)
        case .number(let number): String(number)
        case .flag(let flag): String(flag)
        case .duration(let duration): TOMLText.quoted(DurationText.print(duration))
        case .size(let bytes): TOMLText.quoted(SizeText.print(bytes))
        case .list(let texts): "[" + texts.map(TOMLText.quoted).joined(separator: ", ") + "]"
        }
    }

    /// As scripts read it: durations are numbers of seconds, sizes numbers of bytes.
    var json: JSON {
        switch self {
        case .text(let text): .string(text)
        case .number(let number), .size(let number): .number(number)
        case .flag(let flag): .bool(flag)
        case .duration(let duration): .seconds(duration)
        case .list(let texts): .array(texts.map { .string($0) })
        }
    }
}

/// Values as TOML writes them.
enum TOMLText {
    /// A basic string (TOML 1.0, "String").
    static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case "\u{0}"..."\u{1F}", "\u{7F}":
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}

import TOMLKit

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif
/// A settings file that has been read: its root table, ready to be asked for keys.
public struct SettingsFile: Sendable {
    /// The file as the user named it; stands in every complaint.
    public let path: String
    /// The root table. Call ``SettingsTable/finish()`` on it when all keys have been asked for.
    public let root: SettingsTable

    /// Reads the file at `path`.
    ///
    /// - Throws: ``SettingsError`` when it cannot be read or is not TOML.
    public init(path: String) throws(SettingsError) {
        try self.init(text: SettingsFile.text(at: path), path: path)
    }

    /// Reads `text`, which came from `path`.
    ///
    /// - Throws: ``SettingsError`` with line and column when it is not TOML.
    public init(text: String, path: String) throws(SettingsError) {
        self.path = path
        let scan = PlaceScanner.scan(text)
        if let place = scan.badHeader {
            let reason = "a table's name begins with a letter, a digit, \"_\", \"-\" or a quote"
            throw SettingsError([SettingsProblem(file: path, line: place.line, column: place.column, reason: reason)])
        }
        let value: SettingsValue
        do {
            value = SettingsValue(try TOMLTable(string: text))
        } catch let error as TOMLParseError {
            let begin = error.source.begin
            let problem = SettingsProblem(
                file: path, line: begin.line, column: begin.column, reason: SettingsFile.plain(error.description))
            throw SettingsError([problem])
        } catch {
            throw SettingsError([SettingsProblem(file: path, line: nil, reason: "this is not TOML: \(error)")])
        }
        guard case .table(let values) = value else {
            throw SettingsError([SettingsProblem(file: path, line: nil, reason: "this is not a TOML table")])
        }
        let log = SettingsLog(file: path, places: scan.places)
        root = SettingsTable(path: [], values: values, log: log)
    }

    /// The text of a file.
    ///
    /// - Throws: ``SettingsError`` that quotes the system when the file cannot be read, is larger than 1 MiB (no
    /// settings file
    ///   is; a device or a dump given by mistake might be) or is not UTF-8.
    static func text(at path: String) throws(SettingsError) -> String {
        func refused(_ reason: String) -> SettingsError {
            SettingsError([SettingsProblem(file: path, line: nil, reason: reason)])
        }
        let limit = 1 << 20
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw refused("cannot be read: \(String(cString: strerror(errno)))") }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16384)
        while bytes.count <= limit {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw refused("cannot be read: \(String(cString: strerror(errno)))") }
            if count == 0 { break }
            bytes += buffer[..<count]
        }
        guard bytes.count <= limit else { throw refused("is larger than 1 MiB, so it is hardly a settings file") }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw refused("is not UTF-8 text") }
        return text
    }

    /// The parser's sentence without its preamble and on one line.
    private static func plain(_ description: String) -> String {
        let line = description.split(whereSeparator: \.isNewline).joined(separator: " ")
        return line.hasPrefix("Error while parsing ") ? "cannot parse " + line.dropFirst(20) : line
    }
}

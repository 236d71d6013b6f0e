import Foundation
import Glibc

/// Which option files to read, as users tell the mysql client.
public struct OptionFiles: Sendable, Hashable {
    /// `--defaults-file`: this file and no other. It must exist.
    public var defaultsFile: String?
    /// `--defaults-extra-file`: read after the system's files and before the user's. It must exist.
    public var defaultsExtraFile: String?
    /// `--defaults-group-suffix`: with `_x`, the groups `[client_x]` and `[baton_x]` are read too.
    public var groupSuffix: String?
    /// `--no-defaults`: read none.
    public var isOff: Bool

    /// Makes a choice; with nothing said the usual files are read, as every client does.
    public init(
        defaultsFile: String? = nil, defaultsExtraFile: String? = nil, groupSuffix: String? = nil, isOff: Bool = false
    ) {
        self.defaultsFile = defaultsFile
        self.defaultsExtraFile = defaultsExtraFile
        self.groupSuffix = groupSuffix
        self.isOff = isOff
    }

    /// The groups that are read, in the order in which nothing depends on it: what stands later in the files wins.
    static let groups: Set<String> = ["client", "client-server", "client-mariadb", "baton"]

    /// What the files and the environment say. The environment is weakest, as with the mysql client.
    ///
    /// It reads files: not for Swift's cooperative threads, except at the start of a program.
    ///
    /// - Throws: ``OptionFileError`` for a file that was named and is not there, and for lines that can't be understood.
    public func read(
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(OptionFileError) -> ClientOptions {
        var options = ClientOptions(environment: environment)
        guard !isOff else { return options }
        var groups = Self.groups
        if let suffix = groupSuffix ?? environment["MYSQL_GROUP_SUFFIX"] {
            groups.formUnion(Self.groups.map { $0 + suffix })
        }
        var reader = Reader()
        for (path, mustExist) in paths(home: environment["HOME"]) {
            try reader.read(path, mustExist: mustExist, depth: 0)
        }
        options.warnings = reader.warnings
        for entry in reader.entries where groups.contains(entry.group) {
            try options.apply(entry, isOurs: entry.group.hasPrefix("baton"))
        }
        return options
    }

    private func paths(home: String?) -> [(path: String, mustExist: Bool)] {
        if let defaultsFile { return [(defaultsFile, true)] }
        var paths = [("/etc/my.cnf", false), ("/etc/mysql/my.cnf", false)]
        if let defaultsExtraFile { paths.append((defaultsExtraFile, true)) }
        if let home { paths.append((home + "/.my.cnf", false)) }
        return paths
    }
}

/// Reads option files with what they include.
private struct Reader {
    var entries: [OptionFileEntry] = []
    var warnings: [String] = []

    /// The manual sets no bound; the mysql client's is 10.
    private static let deepest = 10

    mutating func read(_ path: String, mustExist: Bool, depth: Int) throws(OptionFileError) {
        let path = NSString(string: path).expandingTildeInPath
        let place = OptionFileError.Place(file: path)
        guard let mode = Self.mode(of: path) else {
            let reason = errno
            guard mustExist else { return }
            let isMissing = reason == ENOENT || reason == ENOTDIR
            throw OptionFileError(
                place: place, message: isMissing ? "there is no such file" : "can't be read: \(Self.words(for: reason))"
            )
        }
        guard mode & S_IWOTH == 0 || mode & S_IFMT != S_IFREG else {
            warnings.append("\(path) is ignored because everybody may write to it; mend with: chmod o-w \(path)")
            return
        }
        let text: String
        do {
            text = try Self.text(of: path, mode: mode)
        } catch {
            guard mustExist else {
                warnings.append("\(path) \(error.reason) and is left out")
                return
            }
            throw OptionFileError(place: place, message: error.reason)
        }
        for line in try OptionFileText.parse(text, file: path) {
            switch line {
            case .entry(let entry): entries.append(entry)
            case .include(let path, let place):
                try checkDepth(depth, at: place)
                try read(path, mustExist: false, depth: depth + 1)
            case .includeFolder(let folder, let place):
                try checkDepth(depth, at: place)
                try readFolder(folder, depth: depth + 1)
            }
        }
    }

    /// Files whose names end in `.cnf`, in alphabetical order: the manual promises none, so that a fixed one is safe.
    private mutating func readFolder(_ folder: String, depth: Int) throws(OptionFileError) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        for name in names.sorted() where name.hasSuffix(".cnf") {
            try read("\(folder)/\(name)", mustExist: false, depth: depth)
        }
    }

    private func checkDepth(_ depth: Int, at place: OptionFileError.Place) throws(OptionFileError) {
        guard depth >= Self.deepest else { return }
        throw OptionFileError(place: place, message: "files include each other more than \(Self.deepest) deep")
    }

    /// Why a file gives no text, as it follows the file's name in a sentence.
    private struct Unreadable: Error {
        let reason: String
    }

    /// With the system's own calls: Foundation's errors tell users no more than a number.
    private static func text(of path: String, mode: mode_t) throws(Unreadable) -> String {
        guard mode & S_IFMT != S_IFDIR else { throw Unreadable(reason: "is a folder") }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Unreadable(reason: "can't be read: \(words(for: errno))") }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 16384)
        while true {
            let count = Glibc.read(descriptor, &piece, piece.count)
            if count == 0 { return String(decoding: bytes, as: UTF8.self) }
            if count > 0 {
                bytes += piece[..<count]
            } else if errno != EINTR {
                throw Unreadable(reason: "can't be read: \(words(for: errno))")
            }
        }
    }

    private static func words(for error: Int32) -> String { String(cString: strerror(error)) }

    /// `nil` with `errno` where the system does not tell.
    private static func mode(of path: String) -> mode_t? {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mode : nil
    }
}

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Where files that ship with baton, or that a user puts in place of them, are looked for.
///
/// A user's own win: `$XDG_CONFIG_HOME/baton` (or `~/.config/baton`), then `$BATON_SHARE`, then `../share/baton`
/// beside the folder of
/// the executable (an installed baton), then the folders above the executable (a build inside the source tree).
public struct SharedFolders: Sendable, Hashable {
    /// The folders in the order in which they are searched.
    public var folders: [String]

    /// Searches `folders` in this order.
    public init(_ folders: [String]) {
        self.folders = folders
    }

    /// The folders for a process with `environment` whose executable is at `executable`.
    public init(environment: [String: String], executable: String?) {
        var folders: [String] = []
        if let user = SharedFolders.userFolder(environment: environment) { folders.append(user) }
        if let share = environment["BATON_SHARE"], !share.isEmpty { folders.append(share) }
        if let executable {
            var parts = executable.split(separator: "/").map(String.init)
            if !parts.isEmpty { parts.removeLast() }
            folders.append("/" + (parts.dropLast() + ["share", "baton"]).joined(separator: "/"))
            // .build/<triple>/<configuration>/baton lies within the source tree.
            if let build = parts.lastIndex(where: { $0.hasPrefix(".build") }) {
                folders.append("/" + parts[..<build].joined(separator: "/"))
            }
        }
        self.folders = folders
    }

    /// The folders of this very process.
    public static func ofThisProcess(environment: [String: String]) -> SharedFolders {
        SharedFolders(environment: environment, executable: executablePath())
    }

    /// A user's own folder for configuration, without a slash at its end; nil when neither `XDG_CONFIG_HOME` nor
    /// `HOME` is set.
    public static func userFolder(environment: [String: String]) -> String? {
        // The specification says that relative values are to be ignored (XDG Base Directory 0.8).
        if let config = environment["XDG_CONFIG_HOME"], config.hasPrefix("/") { return config + "/baton" }
        if let home = environment["HOME"], !home.isEmpty { return home + "/.config/baton" }
        return nil
    }

    /// The first existing `FOLDER/kind/name.toml`.
    public func find(_ kind: String, named name: String) -> String? {
        folders.map { "\($0)/\(kind)/\(name).toml" }.first { access($0, R_OK) == 0 }
    }

    /// The names of all `kind/NAME.toml` in the folders, in alphabetical order, each once.
    public func names(of kind: String) -> [String] {
        var names: Set<String> = []
        for folder in folders {
            guard let directory = opendir("\(folder)/\(kind)") else { continue }
            defer { closedir(directory) }
            while let entry = readdir(directory) {
                let file = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                    String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
                }
                if file.hasSuffix(".toml"), !file.hasPrefix(".") { names.insert(String(file.dropLast(5))) }
            }
        }
        return names.sorted()
    }

    /// The path of this executable, by way of the kernel.
    public static func executablePath() -> String? {
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = readlink("/proc/self/exe", &buffer, buffer.count)
        guard count > 0 else { return nil }
        return String(decoding: buffer[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}

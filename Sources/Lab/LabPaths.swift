import Foundation

/// Where labs and what they share lie on disk, after the XDG base directory specification.
public enum LabPaths {
    /// The folder of a lab with that name: `$XDG_STATE_HOME/baton/lab/NAME`.
    public static func folder(named name: String) -> String {
        stateHome + "/baton/lab/" + name
    }

    /// The folder that holds all labs of this user.
    public static var labs: String { stateHome + "/baton/lab" }

    /// What can be made again at any time: `$XDG_CACHE_HOME/baton`.
    public static var cache: String {
        home(variable: "XDG_CACHE_HOME", fallback: ".cache") + "/baton"
    }

    private static var stateHome: String { home(variable: "XDG_STATE_HOME", fallback: ".local/state") }

    /// The specification says that a path that is not absolute is to be ignored.
    private static func home(variable: String, fallback: String) -> String {
        if let path = ProcessInfo.processInfo.environment[variable], path.hasPrefix("/") { return path }
        return FileManager.default.homeDirectoryForCurrentUser.path + "/" + fallback
    }
}

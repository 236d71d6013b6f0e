import Settings

/// Programs that were built together with the tests.
public enum BuiltProduct {
    /// The path of the program `name`: it lies beside the test bundle, which is this very executable.
    public static func path(of name: String) -> String? {
        guard let own = SharedFolders.executablePath(), let slash = own.lastIndex(of: "/") else { return nil }
        return own[..<slash] + "/" + name
    }
}

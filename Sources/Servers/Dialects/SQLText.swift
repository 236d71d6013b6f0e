/// Text as it stands in a statement.
enum SQLText {
    /// An identifier in backticks, for a table that the configuration names.
    static func identifier(_ name: String) -> String {
        "`" + name.replacing("`", with: "``") + "`"
    }

    /// A string in single quotes that means the same with and without `NO_BACKSLASH_ESCAPES`, as names of accounts do.
    static func literal(_ text: String) -> String {
        "'" + text.replacing("'", with: "''") + "'"
    }
}

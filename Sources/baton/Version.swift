/// Which baton this is.
enum Version {
    /// The version by the rules of semver.org; changed here and in `CHANGELOG.md` when one is released.
    static let text = "0.1.0-dev"
}

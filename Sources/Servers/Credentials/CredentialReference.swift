import Foundation

/// Where credentials are found when they are needed; it holds none itself, so that it may stand in a configuration.
public enum CredentialReference: Sendable, Hashable {
    /// An option file, and a suffix of the groups to read in it besides `[client]` and `[baton]`.
    case optionFile(path: String, groupSuffix: String? = nil)
    /// The names of environment variables; without `user` the user is that of the option files.
    case environment(user: String? = nil, password: String)

    /// Looks the credentials up. It reads files: not for Swift's cooperative threads.
    ///
    /// - Throws: ``OptionFileError``, with the file or the variable that is missing.
    func resolve(
        fallback: Credentials, environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(OptionFileError) -> (credentials: Credentials, tls: TLSSettings?) {
        switch self {
        case .optionFile(let path, let groupSuffix):
            let options = try OptionFiles(defaultsFile: path, groupSuffix: groupSuffix).read(environment: environment)
            return (options.credentials, options.saysTLS ? options.tls : nil)
        case .environment(let user, let password):
            var credentials = fallback
            if let user { credentials.user = try Self.value(of: user, in: environment) }
            credentials.password = Secret(try Self.value(of: password, in: environment))
            return (credentials, nil)
        }
    }

    private static func value(of name: String, in environment: [String: String]) throws(OptionFileError) -> String {
        if let value = environment[name] { return value }
        throw OptionFileError(place: .init(file: "environment"), message: "the variable \(name) is not set")
    }
}

import ArgumentParser
import Servers

/// How servers are logged in to; wins over the configuration file and over option files.
struct AccessOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("Read this option file only, and not ~/.my.cnf and its likes.", valueName: "file"),
        completion: .file(extensions: ["cnf"]))
    var defaultsFile: String?
    @Option(
        help: ArgumentHelp("Read this option file too, after the global ones.", valueName: "file"),
        completion: .file(extensions: ["cnf"]))
    var defaultsExtraFile: String?
    @Option(
        help: ArgumentHelp("Also read option groups with this suffix: _x adds [client_x].", valueName: "suffix"))
    var defaultsGroupSuffix: String?
    @Option(name: .shortAndLong, help: ArgumentHelp("The account to log in with.", valueName: "name"))
    var user: String?
    @Flag(
        name: [.customShort("p"), .customLong("password")],
        help: "Ask for the password. It is never taken from the command line.")
    var asksPassword = false
    @Option(help: ArgumentHelp("Whether connections are encrypted, as with the mysql client.", valueName: "mode"))
    var sslMode: TLSSettings.Mode?
    @Option(help: ArgumentHelp("The certificate authorities' file.", valueName: "file"), completion: .file())
    var sslCa: String?
    @Option(help: ArgumentHelp("The client certificate's file.", valueName: "file"), completion: .file())
    var sslCert: String?
    @Option(help: ArgumentHelp("The client key's file.", valueName: "file"), completion: .file())
    var sslKey: String?

    /// What the configuration says, with what the command line says in its place.
    func merged(over access: Configuration.Access) -> Configuration.Access {
        var access = access
        access.defaultsFile = defaultsFile ?? access.defaultsFile
        access.defaultsExtraFile = defaultsExtraFile ?? access.defaultsExtraFile
        access.defaultsGroupSuffix = defaultsGroupSuffix ?? access.defaultsGroupSuffix
        access.user = user ?? access.user
        access.tlsMode = sslMode ?? access.tlsMode
        access.certificateAuthority = sslCa ?? access.certificateAuthority
        access.clientCertificate = sslCert ?? access.clientCertificate
        access.clientKey = sslKey ?? access.clientKey
        return access
    }
}

extension TLSSettings.Mode: ExpressibleByArgument {
    /// Upper and lower case are one, as with the mysql client.
    public init?(argument: String) {
        self.init(rawValue: argument.uppercased())
    }
}

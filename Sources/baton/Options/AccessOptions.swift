import ArgumentParser
import Servers

/// How servers are logged in to; wins over the configuration file and over option files.
struct AccessOptions: ParsableArguments {
    @Option(help: "Read connection options only from this option file.", completion: .file(extensions: ["cnf"]))
    var defaultsFile: String?
    @Option(help: "Read this option file too, after the global ones.", completion: .file(extensions: ["cnf"]))
    var defaultsExtraFile: String?
    @Option(help: "Also read option groups with this suffix.")
    var defaultsGroupSuffix: String?
    @Option(name: .shortAndLong, help: "The account.")
    var user: String?
    @Flag(
        name: [.customShort("p"), .customLong("password")],
        help: "Ask for the password. It is never taken from the command line.")
    var asksPassword = false
    @Option(help: "Encryption, as the mysql client's.")
    var sslMode: TLSSettings.Mode?
    @Option(help: "The certificate authorities' file.", completion: .file())
    var sslCa: String?
    @Option(help: "The client certificate's file.", completion: .file())
    var sslCert: String?
    @Option(help: "The client key's file.", completion: .file())
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

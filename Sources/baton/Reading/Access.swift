import Discovery
import Foundation
import Servers
import Topology

/// Turns what was said of logging in into settings for each server, once, at the start of a command.
struct AccessBook: Sendable {
    private let general: ConnectionSettings
    private let rules: [(rule: Configuration.AccessRule, settings: ConnectionSettings)]
    let probe: ProbeOptions

    /// Reads option files and the environment, and asks for the password where that was asked for.
    ///
    /// - Throws: ``CommandFailure`` for option files that cannot be read, and for a variable that is not set.
    init(_ options: AccessOptions, _ configuration: Configuration) throws {
        let prompt = options.asksPassword ? try PasswordPrompt.ask("Password: ") : nil
        general = try Self.settings(options.merged(over: configuration.access), password: prompt)
        rules = try configuration.accessRules.map { rule in
            (rule, try Self.settings(options.merged(over: rule.access), password: prompt))
        }
        probe = configuration.probe
    }

    /// How to connect to a server: the first rule whose pattern is found in its address, or what holds in general.
    func settings(for address: InstanceAddress) -> ConnectionSettings {
        rules.first { $0.rule.pattern.isFound(in: address) }?.settings ?? general
    }

    /// Makes the prober of a server.
    func prober(for address: InstanceAddress) -> any Prober {
        InstanceProber(address: address, settings: settings(for: address), options: probe)
    }

    private static func settings(_ access: Configuration.Access, password: Secret?) throws -> ConnectionSettings {
        let options: ClientOptions
        do {
            options = try OptionFiles(
                defaultsFile: access.defaultsFile, defaultsExtraFile: access.defaultsExtraFile,
                groupSuffix: access.defaultsGroupSuffix
            ).read()
        } catch {
            throw CommandFailure(.badData, "\(error)")
        }
        for warning in options.warnings { Answer.remark(warning) }
        var settings = ConnectionSettings(
            credentials: options.credentials, tls: options.tls, connectTimeout: access.connectTimeout)
        if let user = access.user { settings.credentials.user = user }
        settings.credentials.password =
            try password ?? access.passwordVariable.map(secret(in:)) ?? settled(options, for: settings)
        settings.tls.mode = access.tlsMode ?? settings.tls.mode
        settings.tls.certificateAuthority = access.certificateAuthority.map(path) ?? settings.tls.certificateAuthority
        settings.tls.clientCertificate = access.clientCertificate.map(path) ?? settings.tls.clientCertificate
        settings.tls.clientKey = access.clientKey.map(path) ?? settings.tls.clientKey
        if access.tlsMode == nil, access.certificateAuthority != nil, settings.tls.mode < .verifyCA {
            // As the mysql client does: who names an authority wants it asked.
            settings.tls.mode = .verifyCA
        }
        return settings
    }

    /// A path as it is written in the configuration, where no shell has taken care of `~`.
    private static func path(_ text: String) -> String { NSString(string: text).expandingTildeInPath }

    /// The option files' password, asked for where they say `password` without one.
    private static func settled(_ options: ClientOptions, for settings: ConnectionSettings) throws -> Secret? {
        guard case .ask = options.password else { return options.password.secret }
        return try PasswordPrompt.ask("Password for \(settings.credentials.user): ")
    }

    private static func secret(in variable: String) throws -> Secret {
        if let value = ProcessInfo.processInfo.environment[variable] { return Secret(value) }
        throw CommandFailure(
            .configuration,
            "the password is to come from the environment variable \(variable), which is not set; set it, or change "
                + "\"password-variable\" in the configuration")
    }
}

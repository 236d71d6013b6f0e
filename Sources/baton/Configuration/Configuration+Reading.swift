import Diagnosis
import Discovery
import Engine
import Recovery
import Servers
import Settings
import Topology

extension Configuration {
    /// Reads the file at `path`.
    ///
    /// - Throws: ``SettingsError`` with every problem of the file, unknown keys among them.
    init(readingFileAt path: String) throws(SettingsError) {
        try self.init(SettingsFile(path: path))
    }

    /// Takes the values out of a file that has been read.
    ///
    /// - Throws: ``SettingsError`` with every problem of the file.
    init(_ settings: SettingsFile) throws(SettingsError) {
        file = settings.path
        var tables: [String: SettingsTable] = ["": settings.root]
        for key in ConfigurationKey.all {
            if tables[key.section] == nil { tables[key.section] = settings.root.table(key.section) }
            if let table = tables[key.section] { key.read(table, &self) }
        }
        tables["connection"]?.refusePassword()
        accessRules = (settings.root.tables("access") ?? []).compactMap { AccessRule($0, basis: access) }
        clusterNames(in: settings.root)
        if limits.lagCritical < limits.lagWarning, let lag = tables["lag"] {
            lag.refuse("critical", "must not be below lag.warning")
        }
        try settings.root.finish()
    }

    private mutating func clusterNames(in root: SettingsTable) {
        for table in root.tables("clusters") ?? [] {
            let name = table.nonEmptyString("name")
            let pattern = AddressPattern(of: table)
            if name == nil, !table.contains("name") { table.refuse("name", "is missing") }
            let recovered = table.subjects("recover")
            let acceptsSplitBrain = table.bool("accept-split-brain")
            let needsNoMajority = table.bool("without-majority")
            let policy = table.policy(otherwise: recovery.policy)
            guard let name, let pattern else { continue }
            discovery.attributes.clusterAliases.append(ClusterAliasRule(pattern: pattern, alias: name))
            clusters.append(
                ClusterChoice(
                    name: name, pattern: pattern, recovered: recovered, acceptsSplitBrain: acceptsSplitBrain ?? false,
                    needsNoMajority: needsNoMajority ?? false, policy: policy))
        }
    }
}

extension Configuration.AccessRule {
    /// Reads one `[[access]]` table: what it leaves out is as `[connection]` says.
    fileprivate init?(_ table: SettingsTable, basis: Configuration.Access) {
        table.refusePassword()
        var access = basis
        access.defaultsFile = table.nonEmptyString("defaults-file") ?? basis.defaultsFile
        access.defaultsExtraFile = table.nonEmptyString("defaults-extra-file") ?? basis.defaultsExtraFile
        access.defaultsGroupSuffix = table.nonEmptyString("defaults-group-suffix") ?? basis.defaultsGroupSuffix
        access.user = table.nonEmptyString("user") ?? basis.user
        access.passwordVariable = table.nonEmptyString("password-variable") ?? basis.passwordVariable
        access.tlsMode = table.enumeration("ssl-mode", TLSSettings.Mode.self) ?? basis.tlsMode
        access.certificateAuthority = table.nonEmptyString("ssl-ca") ?? basis.certificateAuthority
        access.clientCertificate = table.nonEmptyString("ssl-cert") ?? basis.clientCertificate
        access.clientKey = table.nonEmptyString("ssl-key") ?? basis.clientKey
        guard let pattern = AddressPattern(of: table) else { return nil }
        self.init(pattern: pattern, access: access)
    }
}

extension SettingsTable {
    /// Whose failures are recovered; a word that means nothing is refused.
    fileprivate func subjects(_ key: String) -> [AutomaticPolicy.Subject] {
        (stringList(key) ?? []).enumerated().compactMap { index, word in
            if let subject = AutomaticPolicy.Subject(rawValue: word) { return subject }
            let words = AutomaticPolicy.Subject.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
            refuse(key, element: index, "must be one of \(words)")
            return nil
        }
    }

    /// What an entry of `[[clusters]]` says of recoveries; what it leaves out is as `[recovery]` says.
    fileprivate func policy(otherwise usual: RecoveryPolicy) -> RecoveryPolicy {
        var policy = usual
        policy.candidates.dataCenter =
            enumeration("data-center", CandidatePolicy.Place.self) ?? usual.candidates.dataCenter
        policy.candidates.region = enumeration("region", CandidatePolicy.Place.self) ?? usual.candidates.region
        policy.candidates.lagLimit = longestLag() ?? usual.candidates.lagLimit
        policy.candidates.waitsForDelayed = bool("wait-for-delayed") ?? usual.candidates.waitsForDelayed
        policy.failover.unapplied =
            enumeration("unapplied", FailoverPolicy.Unapplied.self) ?? usual.failover.unapplied
        policy.failover.lostReplicas =
            enumeration("lost-replicas", FailoverPolicy.LostReplicas.self) ?? usual.failover.lostReplicas
        policy.swapIn = duration("swap-in-preferred", in: RecoveryPolicy.swapInLimits) ?? usual.swapIn
        return policy
    }

    /// From which lag on nobody is promoted unasked.
    func longestLag() -> Duration? { duration("longest-lag", in: .seconds(1) ... .seconds(366 * 86400)) }

    /// The one unknown key that needs more than "unknown": people expect it to work.
    fileprivate func refusePassword() {
        guard contains("password") else { return }
        refuse(
            "password",
            "no password stands in this file; put it in an option file named by defaults-file, or in an environment "
                + "variable named by password-variable")
    }
}

extension AddressPattern {
    /// The pattern that a table gives under `pattern`; what is wrong with it is refused there.
    fileprivate init?(of table: SettingsTable) {
        guard let text = table.nonEmptyString("pattern") else {
            if !table.contains("pattern") { table.refuse("pattern", "is missing") }
            return nil
        }
        do {
            try self.init(text)
        } catch {
            table.refuse("pattern", "\(error)")
            return nil
        }
    }
}

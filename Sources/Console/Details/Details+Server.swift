import Topology

extension Details {
    /// Who the server is: name, version, identity, place.
    static func server(_ instance: Instance, _ model: ConsoleModel) -> [Line] {
        var lines: [Line] = []
        if let alias = instance.alias { lines.append(Line("alias", Words(alias, .strong))) }
        guard let facts = instance.facts else { return lines + place(instance.location) }
        lines.append(Line("server", Words(serverName(facts.version)), Words(" " + facts.version.text)))
        lines.append(Line("writes", Words(InstanceWords.words(facts.writability))))
        if let started = facts.identity.startedAt {
            lines.append(Line("started", Words(model.when(started))))
        }
        var identity = [Words("\(facts.identity.serverID)")]
        if let uuid = facts.identity.serverUUID { identity.append(Words(" \(uuid)", .faint)) }
        lines.append(Line("server id", words: identity))
        let ownName = InstanceAddress(host: facts.identity.hostName, port: facts.identity.port)
        if ownName != instance.address { lines.append(Line("own name", Words("\(ownName)"))) }
        if let reported = facts.identity.reportHost {
            let port = facts.identity.reportPort ?? instance.address.port
            lines.append(Line("reports as", Words("\(InstanceAddress(host: reported, port: port))")))
        }
        if let proxy = facts.proxy { lines.append(Line("proxy", words(for: proxy))) }
        return lines + place(instance.location)
    }

    private static func serverName(_ version: ServerVersion) -> String { version.flavor.rawValue }

    private static func words(for proxy: ProxySighting) -> Words {
        switch proxy {
        case .named(let name): Words("answers as \(name)", .warning)
        case .changingIdentity(let first, let second):
            Words("not one server: it answered as \(first), then as \(second)", .warning)
        }
    }

    private static func place(_ location: Location) -> [Line] {
        let parts = [location.dataCenter, location.region, location.environment].compactMap { $0 }
        return parts.isEmpty ? [] : [Line("location", Words(parts.joined(separator: " · ")))]
    }

    /// Whether the server answers, since when, and what stands in the way.
    static func contact(_ contact: Contact, _ model: ConsoleModel) -> [Line] {
        switch contact {
        case .reachable(let since):
            return [Line("contact", Words("answers", .good), Words(" since \(model.when(since))", .faint))]
        case .neverTried:
            return [Line("contact", Words("never seen: only others speak of it", .unknown))]
        case .remembered(let lastSeen, _):
            let age = lastSeen.map { ", last seen \(model.when($0))" } ?? ""
            return [Line("contact", Words("remembered, not asked yet\(age)", .faint))]
        case .noAccess(let since, let lastSeen, let failure):
            return failed("answers, but does not let us in", .warning, since, lastSeen, failure, model)
        case .unreachable(let since, let lastSeen, let failure):
            return failed("does not answer", .bad, since, lastSeen, failure, model)
        }
    }

    private static func failed(
        _ what: String, _ tone: Tone, _ since: Timestamp, _ lastSeen: Timestamp?, _ failure: ContactFailure,
        _ model: ConsoleModel
    ) -> [Line] {
        let code = failure.code == 0 ? "" : " (\(failure.code))"
        let seen = lastSeen.map(model.when) ?? "never"
        return [
            Line("contact", Words(what, tone), Words(" since \(model.when(since))", .faint)),
            Line("error", Words(failure.message, tone), Words(code, .faint)),
            Line("last seen", Words(seen)),
        ]
    }
}

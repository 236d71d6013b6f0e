import Foundation
import Topology

/// Everything that is decided before the first server starts: programs, templates, ports, command lines.
struct LabPlan {
    let records: [ServerRecord]
    /// For each family the data directory to copy.
    let templates: [Shape.Flavour: String]

    static func make(
        _ shape: Shape, folder: String, sites: [String: LabSite] = [:], progress: LabProgress
    ) async throws -> LabPlan {
        var installations: [Shape.Flavour: ServerInstallation] = [:]
        var templates: [Shape.Flavour: String] = [:]
        for flavour in Set(shape.groups.map(\.flavour)) {
            let installation = try await ServerInstallation.find(flavour)
            installations[flavour] = installation
            templates[flavour] = try await DataTemplate.folder(for: installation, progress: progress)
        }
        var ports = try FreePorts.find(shape.serverCount)[...]
        var records: [ServerRecord] = []
        for group in shape.groups {
            guard let installation = installations[group.flavour] else { continue }
            let domains = domains(of: group)
            for server in group.servers {
                guard let port = ports.popFirst() else { break }
                let options = group.effectiveOptions(of: server)
                let site = sites[server.name] ?? LabSite()
                let command = ServerCommand(
                    installation: installation, options: options,
                    data: LabServer.folder(of: server.name, in: folder) + "/data", port: port, site: site,
                    readOnly: group.isReadOnly(server),
                    hasReplicas: group.servers.contains { group.allSources(of: $0).contains(server.name) },
                    ring: ringPlace(of: server.name, in: group), domain: domains[server.name] ?? 0)
                records.append(
                    ServerRecord(
                        name: server.name, flavour: group.flavour, version: installation.version.text, host: site.host,
                        port: port,
                        command: command.words, sources: group.allSources(of: server),
                        positioning: options.positioning == .positions ? .positions : .gtid,
                        readOnly: group.isReadOnly(server), delay: options.delay ?? 0,
                        heartbeat: options.heartbeat, process: nil))
            }
        }
        return LabPlan(records: records, templates: templates)
    }

    private static func ringPlace(of name: String, in group: Shape.Group) -> (place: Int, size: Int)? {
        for ring in group.rings {
            if let place = ring.firstIndex(of: name) { return (place, ring.count) }
        }
        return nil
    }

    /// Each server that is written to on its own has a domain of its own, as MariaDB's manual asks for several
    /// sources and co-primaries ("Global Transaction ID", on multi-source replication); replicas take their source's,
    /// so that a stray write on one is seen as errant.
    private static func domains(of group: Shape.Group) -> [String: Int] {
        var domains: [String: Int] = [:]
        var next = 0
        for server in group.servers {
            let isPrimary = server.sources.isEmpty || group.rings.contains { $0.contains(server.name) }
            if isPrimary {
                domains[server.name] = next
                next += 1
            } else {
                domains[server.name] = server.sources.first.flatMap { domains[$0] } ?? 0
            }
        }
        return domains
    }
}

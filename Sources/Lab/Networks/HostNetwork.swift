import Foundation
import Synchronization

/// Hosts on one machine: network namespaces (namespaces(7)) around a router of their own, in which packets between any two
/// are dropped as a broken network drops them: silently.
///
/// Who makes them stands at a place of its own, which only ``isolate(_:)`` cuts off. Needs Linux, root and iproute2.
public struct HostNetwork: Sendable {
    private let number: Int
    private let names: [String]

    /// Whether such networks can be made here: they cannot in most containers.
    public static func isPossible() async -> Bool {
        do {
            try await with(["probe"]) { _ in }
            return true
        } catch {
            return false
        }
    }

    /// Why there is none.
    public static let reason = "network namespaces can't be made here: that needs root on Linux, and iproute2"

    /// Makes hosts of these names for the time of `body`.
    ///
    /// - Throws: ``LabError`` where that cannot be done here, and what `body` throws.
    public static func with<Value>(
        _ names: [String], _ body: (HostNetwork) async throws -> Value
    ) async throws -> Value {
        try await removeRemains()
        let network = HostNetwork(number: nextNumber(), names: names)
        let result: Result<Value, any Error>
        do {
            try await network.make()
            result = .success(try await body(network))
        } catch {
            result = .failure(error)
        }
        await network.remove()
        return try result.get()
    }

    /// Different ones within a process, and probably in two.
    private static func nextNumber() -> Int {
        last.withLock { last in
            last = last % 250 + 1
            return last
        }
    }
    private static let last = Mutex(Int.random(in: 1...250))

    // MARK: Cutting

    /// Lets nothing pass between these and those any more, in either direction.
    public func cut(_ some: [String], from others: [String]) async throws {
        for (one, other) in Self.pairs(some, others) {
            try await inRouter(["rule", "add", "blackhole", "from", host(one), "to", host(other)])
            try await inRouter(["rule", "add", "blackhole", "from", host(other), "to", host(one)])
        }
    }

    /// Ends what ``cut(_:from:)`` began.
    public func mend(_ some: [String], with others: [String]) async throws {
        for (one, other) in Self.pairs(some, others) {
            try await inRouter(["rule", "del", "blackhole", "from", host(one), "to", host(other)])
            try await inRouter(["rule", "del", "blackhole", "from", host(other), "to", host(one)])
        }
    }

    /// Lets nothing pass to a host or from it any more, not even to whoever made the network.
    public func isolate(_ name: String) async throws {
        try await inRouter(["rule", "add", "blackhole", "from", host(name)])
        try await inRouter(["rule", "add", "blackhole", "to", host(name)])
    }

    private static func pairs(_ some: [String], _ others: [String]) -> [(String, String)] {
        some.flatMap { one in others.map { (one, $0) } }
    }

    /// Where something runs that runs on a host.
    public func site(of name: String) -> LabSite {
        LabSite(host: host(name), command: ["/usr/bin/nsenter", "--net=/run/netns/\(namespace(name))", "--"])
    }

    /// The places of several hosts, by their names.
    public func sites(of names: [String]) -> [String: LabSite] {
        Dictionary(uniqueKeysWithValues: names.map { ($0, site(of: $0)) })
    }

    // MARK: Making

    /// Each host has a network of four addresses with the router; the first is that of whoever makes it.
    private func address(_ name: String, ofRouter isRouters: Bool) -> String {
        let place = (names.firstIndex(of: name) ?? -1) + 1
        return "10.203.\(number).\(4 * place + (isRouters ? 1 : 2))"
    }

    private func host(_ name: String) -> String { address(name, ofRouter: false) }

    /// Named after the process, so that what a crash has left can be told.
    private func namespace(_ name: String) -> String { "\(Self.prefix)\(getpid())-\(number)-\(name)" }

    private static let prefix = "baton-host-"
    private var router: String { namespace("router") }
    private var link: String { "baton\(number)" }

    private func make() async throws {
        try await Self.ip(["netns", "add", router])
        try await Self.run(
            ["ip", "netns", "exec", router, "sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward"])
        // This side: of whoever makes it.
        try await Self.ip(["link", "add", link, "type", "veth", "peer", "name", "maker", "netns", router])
        try await Self.ip(["addr", "add", "10.203.\(number).2/30", "dev", link])
        try await Self.ip(["link", "set", link, "up"])
        try await inRouter(["addr", "add", "10.203.\(number).1/30", "dev", "maker"])
        try await inRouter(["link", "set", "maker", "up"])
        try await Self.ip(["route", "add", "10.203.\(number).0/24", "via", "10.203.\(number).1"])
        for name in names { try await add(name) }
    }

    private func add(_ name: String) async throws {
        let space = namespace(name)
        let gate = address(name, ofRouter: true)
        try await Self.ip(["netns", "add", space])
        try await inRouter(["link", "add", "to-\(name)", "type", "veth", "peer", "name", "net", "netns", space])
        try await inRouter(["addr", "add", gate + "/30", "dev", "to-\(name)"])
        try await inRouter(["link", "set", "to-\(name)", "up"])
        try await Self.ip(["-n", space, "addr", "add", host(name) + "/30", "dev", "net"])
        for device in ["lo", "net"] { try await Self.ip(["-n", space, "link", "set", device, "up"]) }
        try await Self.ip(["-n", space, "route", "add", "default", "via", gate])
    }

    private func remove() async {
        for name in names + ["router"] { _ = try? await Self.ip(["netns", "del", namespace(name)]) }
        _ = try? await Self.ip(["link", "del", link])
    }

    /// What processes have left that are no more; links go with the namespace of their other end.
    private static func removeRemains() async throws {
        for line in try await ip(["netns", "list"]).split(separator: "\n") where line.hasPrefix(prefix) {
            let name = String(line.prefix { $0 != " " })
            guard let pid = name.dropFirst(prefix.count).split(separator: "-").first.flatMap({ Int32($0) }),
                ProcessIdentity(of: pid) == nil
            else { continue }
            _ = try? await ip(["netns", "del", name])
        }
    }

    private func inRouter(_ arguments: [String]) async throws {
        try await Self.ip(["-n", router] + arguments)
    }

    @discardableResult
    private static func ip(_ arguments: [String]) async throws -> String { try await run(["ip"] + arguments) }

    @discardableResult
    private static func run(_ words: [String]) async throws -> String {
        try await Command.run(words[0], Array(words.dropFirst()), what: words.joined(separator: " "))
    }
}

import Dispatch

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Turns host names into the names under which servers are kept.
public protocol NameResolver: Sendable {
    /// The canonical name or address of a host; `nil` where it cannot be resolved now.
    func resolve(_ host: String, to form: HostNameResolution) async -> String?
}

/// Resolves by the system's resolver, which blocks, and therefore on threads of its own.
///
/// Answers are kept for an hour (orchestrator's `ExpiryHostnameResolvesMinutes`), failures for a minute.
public actor SystemNameResolver: NameResolver {
    private struct Question: Hashable {
        let host: String
        let form: HostNameResolution
    }

    private var answers: [Question: (name: String?, validUntil: ContinuousClock.Instant)] = [:]
    /// Four threads at most: a dead name server must not cost one per host.
    private let queues = (1...4).map { DispatchQueue(label: "baton.names.\($0)") }
    private var asked = 0

    /// Makes a resolver that knows no answer yet; good ones are kept for an hour, failures for a minute.
    public init() {}

    public func resolve(_ host: String, to form: HostNameResolution) async -> String? {
        if form == .none || IPAddressText.isAddress(host) { return host }
        let question = Question(host: host, form: form)
        if let answer = answers[question], answer.validUntil > .now { return answer.name }
        let name = await ask(host, form)
        answers[question] = (name, .now + (name == nil ? .seconds(60) : .seconds(3600)))
        return name
    }

    private func ask(_ host: String, _ form: HostNameResolution) async -> String? {
        asked += 1
        let queue = queues[asked % queues.count]
        return await withCheckedContinuation { continuation in
            queue.async { continuation.resume(returning: Self.look(up: host, form)) }
        }
    }

    /// Asks `getaddrinfo(3)`.
    private static func look(up host: String, _ form: HostNameResolution) -> String? {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_CANONNAME
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, nil, &hints, &list) == 0, let first = list else { return nil }
        defer { freeaddrinfo(list) }
        if form == .canonicalName { return first.pointee.ai_canonname.map { String(cString: $0).lowercased() } }
        var buffer = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        let status = getnameinfo(
            first.pointee.ai_addr, first.pointee.ai_addrlen, &buffer, socklen_t(buffer.count), nil, 0,
            NI_NUMERICHOST)
        guard status == 0 else { return nil }
        return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}

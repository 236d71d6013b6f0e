import Glibc
import Topology

/// Names to numeric addresses, by the system's resolver. It blocks: only for threads of ``ConnectPool``.
enum HostLookup {
    /// All addresses of a host, as text, in the resolver's order of preference.
    static func addresses(of host: String) -> Result<[String], Failure> {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(host, nil, &hints, &found)
        guard code == 0 else { return .failure(Failure(host: host, code: code)) }
        defer { freeaddrinfo(found) }
        var result: [String] = []
        var next = found
        while let entry = next {
            if let text = numeric(entry.pointee), !result.contains(text) { result.append(text) }
            next = entry.pointee.ai_next
        }
        return .success(result)
    }

    private static func numeric(_ entry: addrinfo) -> String? {
        var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        let code = getnameinfo(
            entry.ai_addr, entry.ai_addrlen, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST)
        guard code == 0 else { return nil }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Why there is no address.
    struct Failure: Error {
        let kind: ContactFailure.Kind
        let message: String

        init(host: String, code: Int32) {
            // EAI_AGAIN: the name servers did not answer; the name may be good.
            kind = code == EAI_AGAIN ? .connectTimeout : .unknownHost
            let reason = gai_strerror(code).map { String(cString: $0) } ?? "error \(code)"
            let what = code == EAI_AGAIN ? "the name servers do not answer for" : "unknown host"
            message = "\(what) '\(host.sanitized)': \(reason)"
        }
    }
}

import Foundation

/// TCP ports on loopback that nobody listens on.
public enum FreePorts {
    /// Ports below the range from which Linux takes those of outgoing connections (32768 and up, ip(7)): a server that
    /// is stopped for a while gets its own port back.
    private static let range: ClosedRange<UInt16> = 15000...32000

    /// Finds as many ports as asked for. Two labs that come up at the same time are unlikely to find the same ones,
    /// because the search starts anywhere.
    ///
    /// - Throws: ``LabError/system(call:about:code:)`` when hardly any port is free.
    public static func find(_ count: Int) throws -> [UInt16] {
        var found: [UInt16] = []
        var candidate = UInt16.random(in: range)
        for _ in range {
            if found.count == count { return found }
            if isFree(candidate) { found.append(candidate) }
            candidate = candidate == range.upperBound ? range.lowerBound : candidate + 1
        }
        guard found.count == count else {
            throw LabError.system(call: "bind", about: "\(count) ports on 127.0.0.1", code: EADDRINUSE)
        }
        return found
    }

    static func isFree(_ port: UInt16) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | O_CLOEXEC, 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }
}

import Foundation
import Synchronization
import Topology

/// Something on a loopback port that is no MySQL server: it accepts, says what it was told, and keeps what it hears.
final class FakeServer: Sendable {
    enum Manner: Sendable {
        /// Sends the bytes and waits.
        case says([UInt8])
        /// Sends the bytes and closes.
        case saysAndCloses([UInt8])
    }

    let address: InstanceAddress
    private let socket: Int32
    private let heard = Mutex<[UInt8]>([])
    /// The open ones: a number is closed only while it is taken out of here, because it may be another's right after.
    private let clients = Mutex<Set<Int32>>([])

    /// What clients have sent so far.
    var heardBytes: [UInt8] { heard.withLock { $0 } }

    init(_ manner: Manner) {
        let (socket, port) = Self.bindAnyPort()
        listen(socket, 16)
        self.socket = socket
        address = InstanceAddress(host: "127.0.0.1", port: port)
        Thread.detachNewThread { [self] in serve(manner) }
    }

    /// Ends the listening; the thread ends with it.
    func stop() {
        shutdown(socket, Int32(SHUT_RDWR))
    }

    static func bindAnyPort() -> (socket: Int32, port: UInt16) {
        let descriptor = Foundation.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var on: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                precondition(bind(descriptor, address, length) == 0, "no free port on loopback")
                getsockname(descriptor, address, &length)
            }
        }
        return (descriptor, UInt16(bigEndian: address.sin_port))
    }

    private func serve(_ manner: Manner) {
        while true {
            let client = accept(socket, nil, nil)
            guard client >= 0 else { break }
            switch manner {
            case .says(let bytes):
                _ = send(client, bytes, bytes.count, Int32(MSG_NOSIGNAL))
                clients.withLock { _ = $0.insert(client) }
                Thread.detachNewThread { [self] in hear(client) }
            case .saysAndCloses(let bytes):
                _ = send(client, bytes, bytes.count, Int32(MSG_NOSIGNAL))
                close(client)
            }
        }
        close(socket)
        clients.withLock { clients in
            for client in clients { shutdown(client, Int32(SHUT_RDWR)) }
        }
    }

    private func hear(_ client: Int32) {
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = recv(client, &buffer, buffer.count, 0)
            guard count > 0 else { break }
            heard.withLock { $0 += buffer[..<count] }
        }
        clients.withLock { clients in
            clients.remove(client)
            close(client)
        }
    }
}

import CMySQL
import CTrustStore
import Glibc
import Topology

/// A handle of the client library, and the few things we ask it.
///
/// `@unchecked Sendable`: a handle is owned by one thread at a time, first the one that connects and then the event
/// loop's, and is handed over once, through the loop's inbox. Only ``deinit`` may come on another thread, when no
/// other reference is left.
final class ClientHandle: @unchecked Sendable {
    let mysql: UnsafeMutablePointer<MYSQL>

    /// - Returns: `nil` without memory.
    init?() {
        ClientLibrary.initialize()
        guard let mysql = baton_mysql_new() else { return nil }
        self.mysql = mysql
    }

    deinit {
        mysql_close(mysql)
    }

    var socket: Int32 { baton_mysql_socket(mysql) }
    var errorCode: Int { Int(mysql_errno(mysql)) }
    var errorMessage: String { String(cString: mysql_error(mysql)).sanitized }
    var sqlState: String { String(cString: mysql_sqlstate(mysql)).sanitized }

    /// Makes the socket what the event loop needs. libmariadb leaves it blocking after a TLS handshake, and OpenSSL then
    /// waits inside a read (seen with 3.3).
    func neverBlock() {
        let flags = fcntl(socket, F_GETFL)
        _ = fcntl(socket, F_SETFL, flags | O_NONBLOCK)
    }

    /// Whether the server has closed its side and everything it sent has been read. Does not wait.
    var isAtEnd: Bool {
        var byte: UInt8 = 0
        let count = recv(socket, &byte, 1, Int32(MSG_PEEK | MSG_DONTWAIT))
        return count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR)
    }

    /// Ends both directions at once, so that whatever the library still does with the socket ends too, and closing
    /// neither writes nor waits.
    func shutDown() {
        guard socket >= 0 else { return }
        shutdown(socket, Int32(SHUT_RDWR))
    }
}

/// The client library as a whole.
enum ClientLibrary {
    /// Which of the two it is; their guarantees on TLS differ.
    static let isLibmariadb = baton_mysql_is_libmariadb()

    /// Has to come before the first handle, and only once: the library's own initialisation is not safe among threads.
    static func initialize() {
        precondition(initialized, "the MySQL client library does not start")
        _ = isTrustStoreLeftOut
    }

    private static let initialized = mysql_server_init(0, nil, nil) == 0

    /// Whether connections are spared the system's certificate authorities; where they are not, they only take longer.
    static let isTrustStoreLeftOut = baton_trust_store_is_left_out()

    /// Empties this thread's queue of OpenSSL's errors; to be called before turns are taken.
    ///
    /// OpenSSL keeps errors for each thread, and libmariadb (seen with 3.3) asks what became of a read without having
    /// emptied the queue. A connection that ended badly would then make the next one that has to wait on the same
    /// thread look lost. libmysqlclient empties it itself; a library without OpenSSL has none.
    static func forgetTLSErrors() {
        clearErrors?()
    }

    private static let clearErrors: (@convention(c) () -> Void)? = {
        // No handle: what this program and its libraries have in common.
        guard isLibmariadb, let function = dlsym(nil, "ERR_clear_error") else { return nil }
        // `void ERR_clear_error(void)` since OpenSSL has it, ERR_clear_error(3).
        return unsafeBitCast(function, to: (@convention(c) () -> Void).self)
    }()
}

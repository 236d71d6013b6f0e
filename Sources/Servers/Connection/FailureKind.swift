import Glibc
import Topology

extension ContactFailure.Kind {
    /// Sorts the error numbers of servers (below 2000, and from 3000) and client libraries (2000 to 2999, and 5000 on
    /// for libmariadb's own), as listed in the MySQL Error Message Reference and MariaDB's "MariaDB Error Codes".
    ///
    /// - Parameter connecting: whether the connection was being made; a lost one is then no MySQL server or a server
    ///   that hung up on us.
    init(mysqlError code: Int, message: String, connecting: Bool) {
        switch code {
        case 1044, 1045, 1142, 1227, 1251, 1275, 1524, 1698, 1820, 1862, 3118, 3955, 4151, 2059, 2061:
            self = .accessDenied
        case 1129, 1130: self = .hostBlocked
        case 1040, 1203, 1226: self = .tooManyConnections
        case 2005: self = .unknownHost
        case 2002, 2003, 2004: self = Self(systemErrorIn: message)
        case 2026: self = .tls
        case 2006, 2013, 2055: self = Self(lostWith: message)
        case 1053, 1158, 1159, 1160, 1161, 1927, 3169, 4031: self = .connectionLost
        case 2007, 2012, 2027, 2030, 2000, 2009, 1043, 1152: self = connecting ? .protocolViolation : .connectionLost
        default: self = .other
        }
    }

    /// The kind of failure that an error number of connect(2) tells.
    init(systemError: Int32) {
        switch systemError {
        case ECONNREFUSED: self = .connectionRefused
        case ETIMEDOUT, EINPROGRESS, EAGAIN, EALREADY: self = .connectTimeout
        case ENETUNREACH, EHOSTUNREACH, ENETDOWN, EHOSTDOWN, EADDRNOTAVAIL: self = .networkUnreachable
        case ECONNRESET, EPIPE: self = .connectionLost
        default: self = .other
        }
    }

    /// Both client libraries tell connect's error number only within their text: "Can't connect to server on 'x' (111)".
    private init(systemErrorIn message: String) {
        guard let open = message.lastIndex(of: "("),
            let number = Int32(message[message.index(after: open)...].prefix { $0.isASCII && $0.isNumber })
        else {
            self = .other
            return
        }
        self.init(systemError: number)
    }

    /// A lost connection, unless the text says that the time was up.
    private init(lostWith message: String) {
        self = message.hasSuffix("(110)") || message.contains("system error: 110") ? .connectTimeout : .connectionLost
    }

    /// Error numbers with which a server announces that it closes this connection.
    static let endOfConnection: Set<Int> = [1053, 1927, 3169, 4031]
}

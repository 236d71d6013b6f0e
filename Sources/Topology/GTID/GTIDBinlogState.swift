/// The last transaction of each domain *and server* in a MariaDB binary log (`gtid_binlog_state`).
///
/// Because a server numbers upwards, the log held every transaction of a domain and server up to that number that the
/// server ever sent it: what is not covered here was never logged here.
public struct GTIDBinlogState: Hashable, Sendable {
    /// Ascending by domain; in a domain ascending by server, but with the domain's last transaction at its end, as
    /// the server prints it.
    public let gtids: [MariaDBGTID]

    /// Makes the empty state.
    public init() {
        gtids = []
    }

    /// Makes a state of transactions in the order of ``gtids``: the last one named in a domain is the last one logged.
    ///
    /// Of two with the same domain and server the higher sequence counts.
    public init(_ gtids: some Sequence<MariaDBGTID>) {
        var highest: [Key: MariaDBGTID] = [:]
        var lastServer: [UInt32: UInt32] = [:]
        for gtid in gtids {
            let key = Key(domain: gtid.domain, server: gtid.server)
            lastServer[gtid.domain] = gtid.server
            if let known = highest[key], known.sequence >= gtid.sequence { continue }
            highest[key] = gtid
        }
        self.gtids = highest.values.sorted { left, right in
            if left.domain != right.domain { return left.domain < right.domain }
            if left.server == right.server { return false }
            let last = lastServer[left.domain]
            return left.server == last ? false : right.server == last ? true : left.server < right.server
        }
    }

    private struct Key: Hashable {
        let domain: UInt32
        let server: UInt32
    }

    /// Reads a list such as `0-1-90,0-2-100,1-3-20`; the empty text is the empty state.
    ///
    /// - Throws: ``ParsingError`` with the reason; also where a domain and server come twice.
    public init(parsing text: String) throws(ParsingError) {
        let expected = "a MariaDB binary log state"
        let list = try MariaDBGTID.list(parsing: text, expected: expected)
        self.init(list)
        guard gtids.count == list.count else {
            throw ParsingError(expected: expected, text: text, reason: "a domain and server come twice")
        }
    }

    /// Whether nothing was logged with a GTID yet.
    public var isEmpty: Bool { gtids.isEmpty }

    /// The last transaction of each domain: what `gtid_binlog_pos` says.
    public var position: GTIDPosition {
        var last: [UInt32: MariaDBGTID] = [:]
        for gtid in gtids { last[gtid.domain] = gtid }
        return GTIDPosition(last.values)
    }

    /// The highest sequence number of that domain and server, `nil` where there is none.
    public func sequence(domain: UInt32, server: UInt32) -> UInt64? {
        gtids.first { $0.domain == domain && $0.server == server }?.sequence
    }

    /// Whether the log reached this transaction: the same server's number in that domain is as high or higher.
    public func covers(_ gtid: MariaDBGTID) -> Bool {
        (sequence(domain: gtid.domain, server: gtid.server) ?? 0) >= gtid.sequence
    }

    /// The transactions at which `position` has left the history of this log: this log has gone as far in the
    /// domain, or further, and yet never held that server's transaction.
    ///
    /// A position that is simply ahead is not in the list: its transactions may still come, or be read a moment later.
    public func divergence(of position: GTIDPosition) -> [MariaDBGTID] {
        let ours = self.position
        return position.gtids.filter { gtid in
            guard let last = ours[gtid.domain] else { return false }
            return last.sequence >= gtid.sequence && !covers(gtid)
        }
    }
}

extension GTIDBinlogState: CustomStringConvertible {
    /// The list as the server prints it, without spaces.
    public var description: String { gtids.map(\.description).joined(separator: ",") }
}

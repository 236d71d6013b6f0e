import Glibc
import SwiftOverlayShims  // Where timespec is declared for Swift.
import Topology

/// When and how far the store's log was last written, by whichever process: as long as it is the same, nobody has
/// written, and nothing in the store needs to be read again.
public struct WriteMark: Hashable, Sendable {
    private let seconds: Int
    private let nanoseconds: Int
    private let size: Int
    private let file: UInt

    /// File times tick in steps of the kernel's clock, at most 10 ms (CONFIG_HZ=100): two writes within one step leave
    /// the same mark.
    private static let coarsestStep = Duration.milliseconds(50)

    /// Reads the mark of a write-ahead log.
    ///
    /// - Returns: `nil` where there is no log, or it was written so recently that the mark would not show a further write.
    init?(log path: String, now: Timestamp) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        seconds = status.st_mtim.tv_sec
        nanoseconds = status.st_mtim.tv_nsec
        size = Int(status.st_size)
        file = UInt(status.st_ino)
        guard now - Timestamp(microseconds: Int64(seconds) * 1_000_000 + Int64(nanoseconds) / 1000) > Self.coarsestStep
        else { return nil }
    }
}

extension Store {
    /// The mark of the last write; `nil` where it can't be told, see ``WriteMark``.
    public func writeMark(now: Timestamp) -> WriteMark? { WriteMark(log: path + "-wal", now: now) }
}

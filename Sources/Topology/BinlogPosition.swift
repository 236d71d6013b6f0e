/// A place in a server's binary log or relay log: a file and a byte offset in it.
public struct BinlogPosition: Hashable, Sendable {
    public let file: String
    /// Bytes from the start of the file.
    public let offset: UInt64

    public init(file: String, offset: UInt64) {
        self.file = file
        self.offset = offset
    }
}

/// A moment of wall-clock time, in microseconds since 1970-01-01 00:00:00 UTC.
///
/// The model has no clock of its own: whoever observes something says when.
public struct Timestamp: Hashable, Comparable, Sendable {
    /// Since 1970-01-01 00:00 UTC, leap seconds not counted.
    public let microseconds: Int64

    /// Makes a time from microseconds since 1970-01-01 00:00 UTC.
    public init(microseconds: Int64) {
        self.microseconds = microseconds
    }

    /// Makes a time from whole seconds since 1970-01-01 00:00 UTC.
    public init(seconds: Int64) {
        microseconds = seconds * 1_000_000
    }

    public static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.microseconds < right.microseconds
    }

    /// Cut down to the second, for sentences and tables.
    public var atSecond: Timestamp {
        self - .microseconds(((microseconds % 1_000_000) + 1_000_000) % 1_000_000)
    }

    /// The time from `right` to `left`; negative when `right` is later.
    public static func - (left: Timestamp, right: Timestamp) -> Duration {
        .microseconds(left.microseconds - right.microseconds)
    }

    /// The time so much later.
    public static func + (left: Timestamp, right: Duration) -> Timestamp {
        Timestamp(microseconds: left.microseconds + right.wholeMicroseconds)
    }

    /// The time so much earlier.
    public static func - (left: Timestamp, right: Duration) -> Timestamp {
        Timestamp(microseconds: left.microseconds - right.wholeMicroseconds)
    }
}

extension Duration {
    /// The duration in microseconds, cut off towards zero.
    public var wholeMicroseconds: Int64 {
        components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000
    }

    /// The duration in seconds as a floating-point number, for arithmetic and printing.
    public var inSeconds: Double {
        Double(components.seconds) + Double(components.attoseconds) / 1e18
    }
}

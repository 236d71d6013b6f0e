import Topology

/// How moments are written on the screen: in the operator's own time zone, whose offset comes from outside, so that
/// drawing stays a pure function.
public struct ClockWords: Hashable, Sendable {
    /// Seconds to add to UTC.
    public var offset: Int64

    /// Makes a clock face; UTC unless an offset is given.
    public init(offset: Int64 = 0) {
        self.offset = offset
    }

    /// The time of day: `03:12:07`.
    func time(_ moment: Timestamp) -> String {
        let second = Self.modulo(localSeconds(moment), 86400)
        return "\(Self.two(second / 3600)):\(Self.two(second % 3600 / 60)):\(Self.two(second % 60))"
    }

    /// The date and the time of day: `2026-11-22 03:12:07`.
    func dateAndTime(_ moment: Timestamp) -> String {
        let days = Self.floorDivide(localSeconds(moment), 86400)
        let (year, month, day) = Self.civil(daysSince1970: days)
        return "\(year)-\(Self.two(month))-\(Self.two(day)) \(time(moment))"
    }

    /// The date and the time of day for the name of a file: `20261122-031207`.
    func stamp(_ moment: Timestamp) -> String {
        String(dateAndTime(moment).compactMap { $0 == " " ? "-" : $0 == "-" || $0 == ":" ? nil : $0 })
    }

    /// The time of day where `moment` is on the same day as `now`, with the date before it otherwise.
    func moment(_ moment: Timestamp, now: Timestamp) -> String {
        let sameDay =
            Self.floorDivide(localSeconds(moment), 86400) == Self.floorDivide(localSeconds(now), 86400)
        return sameDay ? time(moment) : dateAndTime(moment)
    }

    /// The moment for a narrow column: the time of day on the day of `now`, day and minute (`11-20 03:12`) within half a
    /// year of it, and the date alone otherwise; never wider than eleven cells.
    func brief(_ moment: Timestamp, now: Timestamp) -> String {
        let text = self.moment(moment, now: now)
        guard text.utf8.count > 8 else { return text }
        let distance = now > moment ? now - moment : moment - now
        return String(distance < .seconds(182 * 86_400) ? text.dropFirst(5).dropLast(3) : text.prefix(10))
    }

    /// A sentence that was written for everybody, with each moment in it by this clock: `2026-11-22T15:12:07Z` becomes what
    /// ``moment(_:now:)`` says.
    func localized(_ sentence: String, now: Timestamp) -> String {
        var text = ""
        var rest = sentence[...]
        while let mark = rest.firstIndex(of: "T") {
            guard let start = rest.index(mark, offsetBy: -10, limitedBy: rest.startIndex),
                let end = rest[mark...].firstIndex(where: { $0 == "Z" || $0 == " " }), rest[end] == "Z",
                let moment = try? Timestamp(parsing: String(rest[start...end]))
            else {
                text += rest[...mark]
                rest = rest[rest.index(after: mark)...]
                continue
            }
            text += rest[..<start] + self.moment(moment, now: now)
            rest = rest[rest.index(after: end)...]
        }
        return text + rest
    }

    private func localSeconds(_ moment: Timestamp) -> Int64 {
        Self.floorDivide(moment.microseconds, 1_000_000) + offset
    }

    private static func two(_ number: Int64) -> String {
        number < 10 ? "0\(number)" : "\(number)"
    }

    private static func floorDivide(_ number: Int64, _ divisor: Int64) -> Int64 {
        number >= 0 ? number / divisor : -((-number + divisor - 1) / divisor)
    }

    private static func modulo(_ number: Int64, _ divisor: Int64) -> Int64 {
        number - floorDivide(number, divisor) * divisor
    }

    /// The proleptic Gregorian date of a day number, by Howard Hinnant's `civil_from_days`.
    private static func civil(daysSince1970 days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = days + 719_468
        let era = floorDivide(shifted, 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }
}

import Topology

/// The form in which a replica status prints times of errors: `YYMMDD hh:mm:ss` in the server's system time zone.
enum LogTime {
    static func timestamp(of text: String, zone: Duration) -> Timestamp? {
        let parts = text.split(separator: " ")
        guard parts.count == 2, parts[0].utf8.count == 6, let date = UInt32(parts[0]) else { return nil }
        let clock = parts[1].split(separator: ":").compactMap { UInt32($0) }
        let (year, month, day) = (Int64(2000 + date / 10_000), Int64(date / 100 % 100), Int64(date % 100))
        guard clock.count == 3, clock[0] < 24, clock[1] < 60, clock[2] <= 60, (1...12).contains(month),
            (1...31).contains(day)
        else { return nil }
        let seconds = Int64(clock[0]) * 3600 + Int64(clock[1]) * 60 + Int64(clock[2])
        return Timestamp(seconds: daysSince1970(year, month, day) * 86_400 + seconds) - zone
    }

    /// Days from 1970-01-01 in the Gregorian calendar: years begin in March, so that the leap day comes last.
    private static func daysSince1970(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return shifted * 365 + shifted / 4 - shifted / 100 + shifted / 400 + dayOfYear - 719_468
    }
}

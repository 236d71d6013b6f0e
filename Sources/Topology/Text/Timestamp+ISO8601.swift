extension Timestamp: CustomStringConvertible {
    /// The moment in ISO 8601 and UTC, `2026-03-01T03:12:07Z`, with as many decimals (3 or 6) as it needs.
    ///
    /// Years outside 0000 to 9999 get a sign and at least six digits, as ISO 8601 asks for.
    public var description: String {
        let (day, microsecond) = microseconds.quotientAndRemainderFloored(by: 86_400_000_000)
        let date = CivilDate(daysSince1970: day)
        let second = microsecond / 1_000_000
        let fraction = microsecond % 1_000_000
        let clock = "\(padded(second / 3600, 2)):\(padded(second / 60 % 60, 2)):\(padded(second % 60, 2))"
        let decimals =
            fraction == 0
            ? "" : fraction % 1000 == 0 ? "." + padded(fraction / 1000, 3) : "." + padded(fraction, 6)
        let year =
            (0...9999).contains(date.year)
            ? padded(date.year, 4) : (date.year < 0 ? "-" : "+") + padded(abs(date.year), 6)
        return "\(year)-\(padded(date.month, 2))-\(padded(date.day, 2))T\(clock)\(decimals)Z"
    }

    private func padded(_ number: Int64, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }

    /// Reads ISO 8601 as RFC 3339 has it, `2026-03-01T03:12:07.5+02:00`, with a space in place of the `T` too.
    ///
    /// Without an offset the time is UTC. Decimals beyond microseconds are cut off. A leap second counts as the
    /// second after it.
    ///
    /// - Throws: ``ParsingError`` with the reason.
    public init(parsing text: String) throws(ParsingError) {
        var scanner = TimestampScanner(text)
        do throws(TimestampScanner.Failure) {
            self.init(microseconds: try scanner.scan())
        } catch {
            throw ParsingError(expected: "a time", text: text, reason: error.reason)
        }
    }
}

private struct TimestampScanner {
    struct Failure: Error {
        let reason: String
    }

    private let bytes: [UInt8]
    private var position = 0

    init(_ text: String) {
        bytes = Array(text.utf8)
    }

    mutating func scan() throws(Failure) -> Int64 {
        let year = try scanYear()
        try expect("-")
        let month = try scanNumber(width: 2, in: 1...12, "month")
        try expect("-")
        let day = try scanNumber(width: 2, in: 1...31, "day")
        let date = CivilDate(year: year, month: month, day: day)
        guard day <= date.daysInMonth else { throw Failure(reason: "there is no such day in that month") }
        guard take("T") || take("t") || take(" ") else { throw Failure(reason: "`T` and the time of day are missing") }
        let hour = try scanNumber(width: 2, in: 0...23, "hour")
        try expect(":")
        let minute = try scanNumber(width: 2, in: 0...59, "minute")
        var second: Int64 = 0
        if take(":") { second = try scanNumber(width: 2, in: 0...60, "second") }
        let fraction = take(".") || take(",") ? try scanFraction() : 0
        let offset = try scanOffset()
        guard position == bytes.count else { throw Failure(reason: "something follows the time at byte \(position)") }
        let seconds = hour * 3600 + minute * 60 + second - offset
        let (ofDays, overflow) = date.daysSince1970.multipliedReportingOverflow(by: 86_400_000_000)
        let (total, overflowOfSum) = ofDays.addingReportingOverflow(seconds * 1_000_000 + fraction)
        guard !overflow, !overflowOfSum else { throw Failure(reason: "it is too far away to count in microseconds") }
        return total
    }

    private mutating func scanYear() throws(Failure) -> Int64 {
        let isNegative = bytes.first == UInt8(ascii: "-")
        guard take("+") || take("-") else { return try scanNumber(width: 4, in: 0...9999, "year") }
        let year = try scanNumber(width: 6, in: 0...999_999, "year")
        return isNegative ? -year : year
    }

    private mutating func scanOffset() throws(Failure) -> Int64 {
        if position == bytes.count || take("Z") || take("z") { return 0 }
        let isNegative = bytes[position] == UInt8(ascii: "-")
        guard take("+") || take("-") else {
            throw Failure(reason: "the offset at byte \(position) is neither `Z` nor `+HH:MM` nor `-HH:MM`")
        }
        let hours = try scanNumber(width: 2, in: 0...23, "offset's hour")
        _ = take(":")
        let minutes = position < bytes.count ? try scanNumber(width: 2, in: 0...59, "offset's minute") : 0
        let offset = hours * 3600 + minutes * 60
        return isNegative ? -offset : offset
    }

    private mutating func scanFraction() throws(Failure) -> Int64 {
        let start = position
        var value: Int64 = 0
        while position < bytes.count, bytes[position].isASCIIDigit {
            if position - start < 6 { value = value * 10 + Int64(bytes[position] - UInt8(ascii: "0")) }
            position += 1
        }
        guard position > start else { throw Failure(reason: "decimals are missing at byte \(position)") }
        for _ in min(6, position - start)..<6 { value *= 10 }
        return value
    }

    private mutating func scanNumber(
        width: Int, in range: ClosedRange<Int64>, _ name: String
    ) throws(Failure) -> Int64 {
        var value: Int64 = 0
        guard position + width <= bytes.count else { throw Failure(reason: "the \(name) is missing or too short") }
        for byte in bytes[position..<position + width] {
            guard byte.isASCIIDigit else { throw Failure(reason: "the \(name) is not a number of \(width) digits") }
            value = value * 10 + Int64(byte - UInt8(ascii: "0"))
        }
        position += width
        guard range.contains(value) else { throw Failure(reason: "there is no \(name) \(value)") }
        return value
    }

    private mutating func expect(_ character: Unicode.Scalar) throws(Failure) {
        guard take(character) else { throw Failure(reason: "`\(character)` is missing at byte \(position)") }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard position < bytes.count, UInt32(bytes[position]) == character.value else { return false }
        position += 1
        return true
    }
}

/// A date of the Gregorian calendar, counted back before its invention too.
private struct CivilDate {
    let year: Int64
    let month: Int64
    let day: Int64

    init(year: Int64, month: Int64, day: Int64) {
        self.year = year
        self.month = month
        self.day = day
    }

    // Years are counted from March, so that the leap day is the last of its year; 400 years have 146,097 days, and
    // 1970-01-01 is day 719,468 after 0000-03-01.

    init(daysSince1970 days: Int64) {
        let (era, dayOfEra) = (days + 719_468).quotientAndRemainderFloored(by: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    var daysSince1970: Int64 {
        let yearFromMarch = month <= 2 ? year - 1 : year
        let (era, yearOfEra) = yearFromMarch.quotientAndRemainderFloored(by: 400)
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    var daysInMonth: Int64 {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}

extension Int64 {
    /// Quotient and remainder with a remainder that is never negative.
    fileprivate func quotientAndRemainderFloored(by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}

extension SettingsTable {
    private func wrong(_ key: String, _ wanted: String, _ value: SettingsValue) {
        refuse(key, "must be \(wanted), not \(value.kind)")
    }

    /// A string.
    public func string(_ key: String) -> String? {
        guard let value = value(key) else { return nil }
        if case .string(let text) = value { return text }
        wrong(key, "a string", value)
        return nil
    }

    /// A string that must not be empty.
    public func nonEmptyString(_ key: String) -> String? {
        guard let text = string(key) else { return nil }
        guard text.isEmpty else { return text }
        refuse(key, "must not be empty")
        return nil
    }

    /// `true` or `false`.
    public func bool(_ key: String) -> Bool? {
        guard let value = value(key) else { return nil }
        if case .boolean(let flag) = value { return flag }
        wrong(key, "true or false", value)
        return nil
    }

    /// A whole number within `range`.
    public func int(_ key: String, in range: ClosedRange<Int> = Int.min...Int.max) -> Int? {
        guard let value = value(key) else { return nil }
        guard case .integer(let number) = value else {
            wrong(key, "a whole number", value)
            return nil
        }
        if range.contains(number) { return number }
        refuse(key, "\(number) is \(SettingsTable.outside(range, number))")
        return nil
    }

    /// A number within `range`; whole numbers count too.
    public func double(_ key: String, in range: ClosedRange<Double>) -> Double? {
        guard let value = value(key) else { return nil }
        let number: Double
        switch value {
        case .number(let real): number = real
        case .integer(let whole): number = Double(whole)
        default:
            wrong(key, "a number", value)
            return nil
        }
        if range.contains(number) { return number }
        refuse(key, "\(number) is outside \(range.lowerBound) to \(range.upperBound)")
        return nil
    }

    /// A length of time: a string with a unit (`"10s"`, `"500ms"`, `"1h30m"`, `"7d"`) or a number of seconds.
    public func duration(
        _ key: String, in range: ClosedRange<Duration> = .zero ... .seconds(1 << 40)
    ) -> Duration? {
        guard let value = value(key) else { return nil }
        let duration: Duration?
        switch value {
        case .string(let text): duration = DurationText.parse(text)
        case .integer(let seconds): duration = abs(seconds) <= 1 << 40 ? .seconds(seconds) : nil
        case .number(let seconds): duration = seconds.magnitude < 1e12 ? .seconds(seconds) : nil
        default: duration = nil
        }
        guard let duration else {
            refuse(key, "must be a length of time such as \"10s\", \"500ms\" or \"1h30m\", or a number of seconds")
            return nil
        }
        if range.contains(duration) { return duration }
        let text = DurationText.print(duration)
        if duration < range.lowerBound {
            refuse(key, "\(text) is below the least allowed, \(DurationText.print(range.lowerBound))")
        } else {
            refuse(key, "\(text) is above the most allowed, \(DurationText.print(range.upperBound))")
        }
        return nil
    }

    /// A word out of the raw values of an enumeration.
    public func enumeration<Choice: RawRepresentable & CaseIterable>(
        _ key: String, _ type: Choice.Type = Choice.self
    ) -> Choice? where Choice.RawValue == String {
        let words = Choice.allCases.map(\.rawValue)
        guard let word = word(key, among: words) else { return nil }
        return Choice(rawValue: word)
    }

    /// A word out of `words`.
    public func word(_ key: String, among words: [String]) -> String? {
        guard let word = string(key) else { return nil }
        if words.contains(word) { return word }
        let list = words.map { "\"\($0)\"" }.joined(separator: ", ")
        refuse(key, "\"\(word)\" is not one of \(list)\(Suggestion.hint(for: word, among: words))")
        return nil
    }

    /// A list of strings; a single string counts as a list of one.
    public func stringList(_ key: String) -> [String]? {
        guard let value = value(key) else { return nil }
        if case .string(let text) = value { return [text] }
        guard case .array(let elements) = value else {
            wrong(key, "a string or a list of strings", value)
            return nil
        }
        var texts: [String] = []
        for (index, element) in elements.enumerated() {
            guard case .string(let text) = element else {
                refuse(key, element: index, "must be a list of strings, but element \(index + 1) is \(element.kind)")
                return nil
            }
            texts.append(text)
        }
        return texts
    }

    /// The table at `key`, opened: what is in it and is never asked for counts as unknown.
    public func table(_ key: String) -> SettingsTable? {
        guard let value = value(key) else { return nil }
        guard case .table(let values) = value else {
            wrong(key, "a table", value)
            return nil
        }
        return SettingsTable(path: path + [key], values: values, log: log)
    }

    /// The tables at `key`, written as `[[key]]` or as a list of inline tables.
    public func tables(_ key: String) -> [SettingsTable]? {
        guard let value = value(key) else { return nil }
        guard case .array(let elements) = value else {
            wrong(key, "a list of tables ([[\(key)]])", value)
            return nil
        }
        var tables: [SettingsTable] = []
        for (index, element) in elements.enumerated() {
            guard case .table(let values) = element else {
                refuse(key, element: index, "must be a list of tables, but element \(index + 1) is \(element.kind)")
                return nil
            }
            tables.append(SettingsTable(path: path + [key, String(index)], values: values, log: log))
        }
        return tables
    }

    private static func outside(_ range: ClosedRange<Int>, _ number: Int) -> String {
        if number < range.lowerBound { return "below the least allowed, \(range.lowerBound)" }
        return "above the most allowed, \(range.upperBound)"
    }
}

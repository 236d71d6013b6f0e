import Settings

/// One key of the configuration file: where it stands, what it means, how it is read and how its value is shown.
///
/// The list of all keys drives reading, `baton config` and `docs/configuration.md`, so that the three cannot differ.
struct ConfigurationKey: Sendable {
    /// The table, empty for the top level.
    let section: String
    let name: String
    /// What the value looks like: `duration`, `list of addresses`.
    let kind: String
    let meaning: String
    /// Takes the value from the table, where it is there and right.
    let read: @Sendable (SettingsTable, inout Configuration) -> Void
    /// The value in force, `nil` where there is none.
    let show: @Sendable (Configuration) -> ConfigurationValue?

    /// The key with its table, as people say it.
    var path: String { section.isEmpty ? name : "\(section).\(name)" }
}

extension ConfigurationKey {
    /// A key whose value is a length of time within `range`.
    static func duration(
        _ section: String, _ name: String, in range: ClosedRange<Duration>,
        _ property: any WritableKeyPath<Configuration, Duration> & Sendable, _ meaning: String
    ) -> ConfigurationKey {
        ConfigurationKey(section: section, name: name, kind: "duration", meaning: meaning) { table, configuration in
            if let value = table.duration(name, in: range) { configuration[keyPath: property] = value }
        } show: { configuration in
            .duration(configuration[keyPath: property])
        }
    }

    /// A key whose value is a text that must not be empty; without it the property stays `nil`.
    static func text(
        _ section: String, _ name: String, kind: String = "text",
        _ property: any WritableKeyPath<Configuration, String?> & Sendable, _ meaning: String
    ) -> ConfigurationKey {
        ConfigurationKey(section: section, name: name, kind: kind, meaning: meaning) { table, configuration in
            if let value = table.nonEmptyString(name) { configuration[keyPath: property] = value }
        } show: { configuration in
            configuration[keyPath: property].map { .text($0) }
        }
    }

    /// A key whose value is one of the words of an enumeration.
    static func word<Choice: RawRepresentable & CaseIterable & Sendable>(
        _ section: String, _ name: String,
        _ property: any WritableKeyPath<Configuration, Choice> & Sendable, _ meaning: String
    ) -> ConfigurationKey where Choice.RawValue == String {
        let kind = Choice.allCases.map { "`\($0.rawValue)`" }.joined(separator: ", ")
        return ConfigurationKey(section: section, name: name, kind: kind, meaning: meaning) { table, configuration in
            if let value = table.enumeration(name, Choice.self) { configuration[keyPath: property] = value }
        } show: { configuration in
            .text(configuration[keyPath: property].rawValue)
        }
    }

    /// A key whose value is a list of texts, each made into an element by `parse`, which may refuse it with a reason.
    static func list<Element: Sendable>(
        _ section: String, _ name: String, kind: String,
        _ property: any WritableKeyPath<Configuration, [Element]> & Sendable,
        parse: @escaping @Sendable (String) throws -> Element,
        print: @escaping @Sendable (Element) -> String,
        _ meaning: String
    ) -> ConfigurationKey {
        ConfigurationKey(section: section, name: name, kind: kind, meaning: meaning) { table, configuration in
            guard let texts = table.stringList(name) else { return }
            configuration[keyPath: property] = texts.enumerated().compactMap { index, text in
                do {
                    return try parse(text)
                } catch {
                    table.refuse(name, element: index, "\(error)")
                    return nil
                }
            }
        } show: { configuration in
            .list(configuration[keyPath: property].map(print))
        }
    }

    /// A key whose value is a text made into something else by `parse`, which may refuse it with a reason.
    static func parsed<Value: Sendable>(
        _ section: String, _ name: String, kind: String,
        _ property: any WritableKeyPath<Configuration, Value?> & Sendable,
        parse: @escaping @Sendable (String) throws -> Value,
        print: @escaping @Sendable (Value) -> String,
        _ meaning: String
    ) -> ConfigurationKey {
        ConfigurationKey(section: section, name: name, kind: kind, meaning: meaning) { table, configuration in
            guard let text = table.nonEmptyString(name) else { return }
            do {
                configuration[keyPath: property] = try parse(text)
            } catch {
                table.refuse(name, "\(error)")
            }
        } show: { configuration in
            configuration[keyPath: property].map { .text(print($0)) }
        }
    }
}

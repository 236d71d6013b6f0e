import ArgumentParser
import Console
import Recovery
import Refactoring
import Servers
import Storage
import Topology

/// `baton downtime`: let a server's problems be silent.
struct DowntimeCommand: WritingCommand {
    static let configuration = CommandConfiguration(
        commandName: "downtime",
        abstract: "Silence a server's problems for a while.",
        discussion: """
            No alarm is raised of a downtimed server, and no recovery begun because of it; it can still be promoted. \
            `baton downtimes` lists who is downtimed.
            """)

    @Argument(help: "The servers: host, host:port, [ipv6]:port, or their aliases.")
    var servers: [ServerArgument]
    @Option(
        name: [.customLong("for"), .customLong("duration")],
        help: ArgumentHelp("For how long: 30m, 6h, 7d, 4w, or forever (default: 10m).", valueName: "time"),
        transform: MarkLength.init(parsing:))
    var length: MarkLength = .during(.seconds(600))
    @Option(help: ArgumentHelp("Why, for those who wonder.", valueName: "text"))
    var reason = ""
    @OptionGroup var options: WritingOptions

    func run() async throws {
        try await options.mark(servers, .downtime(.planned), length.duration, reason)
    }
}

/// `baton maintenance`: keep operations away from a server.
struct MaintenanceCommand: WritingCommand {
    static let configuration = CommandConfiguration(
        commandName: "maintenance",
        abstract: "Keep operations away from a server while somebody works on it.",
        discussion: """
            Every operation that concerns it is refused, with who works there and why, and its failures are not recovered. \
            `baton maintenances` lists who is in maintenance.
            """)

    @Argument(help: "The servers: host, host:port, [ipv6]:port, or their aliases.")
    var servers: [ServerArgument]
    @Option(
        name: [.customLong("for"), .customLong("duration")],
        help: ArgumentHelp("For how long: 30m, 6h, 7d, 4w, or forever (default: 10m).", valueName: "time"),
        transform: MarkLength.init(parsing:))
    var length: MarkLength = .during(.seconds(600))
    @Option(help: ArgumentHelp("Why, for those who wonder.", valueName: "text"))
    var reason = ""
    @OptionGroup var options: WritingOptions

    func run() async throws {
        try await options.mark(servers, .maintenance, length.duration, reason)
    }
}

/// `baton promotion-rule`: say who is to be promoted.
struct PromotionRuleCommand: WritingCommand {
    static let configuration = CommandConfiguration(
        commandName: "promotion-rule",
        abstract: "Say how much a server is wanted as a primary.",
        discussion: """
            It holds for an hour where it is not told for how long (recovery.promotion-rule-expiry), and wins over what the \
            configured query answers. `baton promotion-rules` lists what holds.
            """)

    @Argument(help: "The server: host, host:port, [ipv6]:port, or its alias.")
    var server: ServerArgument
    @Argument(
        help: "must, prefer, neutral, prefer-not or must-not.", transform: PromotionRuleCommand.rule)
    var rule: PromotionRule?
    @Option(
        name: .customLong("promotion-rule"),
        help: ArgumentHelp("The rule, as orchestrator takes it.", valueName: "choice"), transform: Self.rule)
    var familiarRule: PromotionRule?
    @Option(
        name: [.customLong("for"), .customLong("duration")],
        help: ArgumentHelp("For how long: 30m, 6h, 7d, 4w, or forever.", valueName: "time"),
        transform: MarkLength.init(parsing:))
    var length: MarkLength?
    @Option(help: ArgumentHelp("Why, for those who wonder.", valueName: "text"))
    var reason = ""
    @OptionGroup var options: WritingOptions

    func validate() throws {
        if rule != nil, familiarRule != nil { throw ValidationError("name the rule once") }
        if rule == nil, familiarRule == nil {
            throw ValidationError("name a rule: must, prefer, neutral, prefer-not or must-not")
        }
    }

    func run() async throws {
        guard let rule = rule ?? familiarRule else { return }
        let usual = MarkLength.during(try options.global.configuration().recovery.promotionRuleExpiry)
        try await options.mark([server], .promotionRule(rule), (length ?? usual).duration, reason)
    }

    private static func rule(_ text: String) throws -> PromotionRule {
        guard let rule = PromotionRule(word: text) else {
            throw ValidationError("write must, prefer, neutral, prefer-not or must-not")
        }
        return rule
    }
}

extension WritingOptions {
    /// Marks servers and prints what holds now.
    func mark(
        _ servers: [ServerArgument], _ meaning: MarkMeaning, _ length: Duration?, _ reason: String
    ) async throws {
        let ground = try await ground()
        defer { try? ground.store.close() }
        let mark = Mark(
            meaning, owner: ground.author.user, reason: reason.sanitized, begins: ground.now,
            ends: length.map { ground.now + $0 })
        var records: [MarkRecord] = []
        for address in try ground.addresses(servers) {
            let id: Int64 =
                isDryRun
                ? 0 : try await ground.store.set(mark, on: address, client: ground.author.client, at: ground.now)
            records.append(MarkRecord(id: id, address: address, mark: mark, client: ground.author.client))
        }
        if isDryRun { Answer.remark("nothing was written: --dry-run") }
        output.print(lines: records.map(\.line), json: .array(records.map(\.json)))
    }
}

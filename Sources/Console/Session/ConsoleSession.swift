import Engine
import Logging
import TerminalKit
import Topology

/// Runs the console on a terminal: brings keys and updates to the reducer, its effects to where they belong, and its
/// pictures to the screen.
///
/// One loop owns the state. It sleeps until a key, an update, or the moment at which something shown grows older, and
/// draws only then.
public struct ConsoleSession: Sendable {
    private let backend: any ConsoleBackend
    private let terminal: any Terminal
    private let palette: Palette
    private let initial: ConsoleState
    private let time: @Sendable () -> (Timestamp, ClockWords)
    private let logger: Logger

    /// Prepares a session; nothing is drawn before ``run()``.
    ///
    /// - Parameters:
    ///   - state: the console as it starts, usually empty.
    ///   - time: the present, and how moments are written here and now.
    public init(
        backend: any ConsoleBackend, terminal: any Terminal, palette: Palette, state: ConsoleState,
        logger: Logger = Logger(label: "baton.console"),
        time: @escaping @Sendable () -> (Timestamp, ClockWords)
    ) {
        self.backend = backend
        self.terminal = terminal
        self.palette = palette
        initial = state
        self.logger = logger
        self.time = time
    }

    /// Why a console came to its end.
    public enum Ending: Hashable, Sendable {
        /// The operator wished it.
        case quit
        /// The terminal is gone.
        case hungUp
        /// Someone asked the process to end.
        case terminated(TerminationSignal)
        /// The surrounding task was cancelled.
        case cancelled
    }

    /// Runs until the operator quits, the terminal vanishes, or the process is asked to end; then the terminal is as it
    /// was before.
    public func run() async -> Ending {
        let mailbox = Mailbox<EngineUpdate>()
        let operations = OperationTasks()
        let ending = await withDiscardingTaskGroup(returning: Ending.self) { group in
            group.addTask { await forwardTerminal(to: mailbox) }
            group.addTask { for await update in await backend.updates() { mailbox.put(latest: update) } }
            group.addTask { await followJournal(mailbox) }
            let ending = await loop(mailbox, operations, &group)
            group.cancelAll()
            await terminal.end()
            return ending
        }
        logger.debug("the console ended: \(ending)")
        // A lost line stops no operation: it goes on to its end or its first failure, which the next start offers.
        if !ending.isHangUp { operations.stopAll() }
        await operations.finish()
        return ending
    }

    /// How often the journal is looked at for what other batons do.
    private static let journalInterval: Duration = .seconds(2)

    private func followJournal(_ mailbox: Mailbox<EngineUpdate>) async {
        var last: OperationsReading?
        var lastRecoveries: RecoveriesReading?
        while !Task.isCancelled {
            let reading = await backend.operations()
            if reading != last { mailbox.put(.operations(reading)) }
            last = reading
            let recoveries = await backend.recoveries()
            if recoveries != lastRecoveries { mailbox.put(.recoveries(recoveries)) }
            lastRecoveries = recoveries
            try? await Task.sleep(for: Self.journalInterval)
        }
    }

    private func forwardTerminal(to mailbox: Mailbox<EngineUpdate>) async {
        for await event in terminal.events {
            switch event {
            case .key(let key): mailbox.put(.key(key))
            case .paste(let text): mailbox.put(.paste(text))
            case .mouse(let event): mailbox.put(.mouse(event))
            case .resized(let size): mailbox.put(.resized(size))
            case .resumed(let size): mailbox.put(.resumed(size))
            case .suspended: break
            case .hungUp: mailbox.close(.hungUp)
            case .terminate(let signal): mailbox.close(.terminated(signal))
            }
        }
        mailbox.close(.hungUp)
    }

    private func loop(
        _ mailbox: Mailbox<EngineUpdate>, _ operations: OperationTasks, _ group: inout DiscardingTaskGroup
    ) async -> Ending {
        var state = initial
        if state.isMouseOn { terminal.setMouse(true) }
        var pacer = FramePacer()
        var hasRunningAge = false
        var alarm = Alarm()
        // The first picture does not wait for anybody.
        mailbox.wake()
        for await _ in mailbox.rings {
            let delivery = mailbox.take()
            if let ending = delivery.ending { return ending }
            let (now, clock) = time()
            _ = state.reduce(.time(now, clock))
            var events = delivery.events
            if let update = delivery.latest {
                events.insert(.update(update), at: 0)
                pacer.invalidate()
            }
            for effect in Self.reduce(events, &state) {
                if effect == .quit { return .quit }
                perform(effect, mailbox, operations, &group)
            }
            if !delivery.events.isEmpty { pacer.invalidate() }
            let moment = ContinuousClock.now
            if hasRunningAge, let last = pacer.lastFrame, moment - last >= .milliseconds(990) { pacer.invalidate() }
            if pacer.isDue(at: moment, isUrgent: !delivery.events.isEmpty) {
                let frame = state.frame(palette)
                terminal.show(frame.grid, cursor: frame.cursor)
                hasRunningAge = frame.hasRunningAge
                pacer.didDraw(at: moment)
            }
            if let next = pacer.nextLook(hasRunningAge: hasRunningAge), alarm.isNews(next, at: moment) {
                group.addTask {
                    try? await Task.sleep(until: next, clock: .continuous)
                    mailbox.wake()
                }
            }
        }
        return .cancelled
    }

    /// Lets events happen in order. Keys that were typed before a question was on the screen do not answer it.
    static func reduce(_ events: [ConsoleEvent], _ state: inout ConsoleState) -> [ConsoleEffect] {
        var effects: [ConsoleEffect] = []
        var dropsKeys = false
        for event in events {
            if dropsKeys, event.isTyped { continue }
            let new = state.reduce(event)
            if new.contains(.discardTypeAhead) { dropsKeys = true }
            effects += new
        }
        return effects
    }

    private func perform(
        _ effect: ConsoleEffect, _ mailbox: Mailbox<EngineUpdate>, _ operations: OperationTasks,
        _ group: inout DiscardingTaskGroup
    ) {
        switch effect {
        case .quit, .discardTypeAhead: break
        case .suspend: terminal.suspend()
        case .redraw: terminal.redraw()
        case .readEvents:
            group.addTask { mailbox.put(.events(await backend.pastEvents())) }
        case .setMouse(let isOn): terminal.setMouse(isOn)
        case .look(let carry): group.addTask { mailbox.put(.judged(await backend.judgement(of: carry))) }
        case .plan(let request):
            group.addTask { mailbox.put(.planned(request.number, await backend.plan(request))) }
        case .checkReadiness: group.addTask { mailbox.put(.readiness(await backend.readiness())) }
        case .readRecoveries: group.addTask { mailbox.put(.recoveries(await backend.recoveries())) }
        case .readOperations: group.addTask { mailbox.put(.operations(await backend.operations())) }
        case .readOperation(let id):
            group.addTask {
                if let operation = await backend.operation(id) { mailbox.put(.operationRead(operation)) }
            }
        case .act(let number, let deed, let reason):
            operations.start(number) { [backend] in
                let outcome = await backend.act(deed, reason: reason) { mailbox.put(.operation(number, $0)) }
                mailbox.put(.acted(number, outcome))
            }
        case .stop(let number): operations.stop(number)
        case .refreshAll, .stoodStill, .discover, .forget, .mark, .save, .write, .acknowledge, .givePassword:
            group.addTask {
                if let notice = await backend.perform(effect) { mailbox.put(.told(notice)) }
                if case .acknowledge = effect { mailbox.put(.recoveries(await backend.recoveries())) }
            }
        }
    }
}

/// Remembers for when the loop has asked to be woken, so that it does not ask twice for one moment.
private struct Alarm {
    private var pending: ContinuousClock.Instant?

    /// Whether nothing wakes the loop at that moment or shortly before it yet.
    mutating func isNews(_ moment: ContinuousClock.Instant, at now: ContinuousClock.Instant) -> Bool {
        if let pending, pending > now, pending <= moment { return false }
        pending = moment
        return true
    }
}

extension ConsoleSession.Ending {
    /// Whether the operator did not choose it, because the line broke.
    fileprivate var isHangUp: Bool {
        switch self {
        case .hungUp, .terminated(.hangUp): true
        case .quit, .terminated, .cancelled: false
        }
    }
}

extension ConsoleEvent {
    /// Whether it comes from the operator's hands.
    fileprivate var isTyped: Bool {
        switch self {
        case .key, .mouse: true
        default: false
        }
    }
}

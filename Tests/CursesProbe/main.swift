import Curses
import Glibc
import TerminalKit

// A small full-screen program for the tests of Curses: it shows what it was told by the terminal, and does what its
// keys say.

struct Probe {
    var log: [String] = []
    var ticks = 0

    func grid(_ terminal: TerminalSession) -> Grid {
        let size = terminal.size
        var grid = Grid(size)
        let capabilities = terminal.capabilities
        grid.put(
            "size \(size.width)x\(size.height) depth \(capabilities.depth.rawValue) unicode \(capabilities.unicode)",
            at: GridPoint(x: 0, y: 0))
        var x = grid.put("red", at: GridPoint(x: 0, y: 1), style: Style(foreground: .named(.red)))
        x = grid.put(" blue", at: GridPoint(x: x, y: 1), style: Style(foreground: .named(.brightBlue)))
        x = grid.put(
            " orange", at: GridPoint(x: x, y: 1), style: Style(foreground: .rgb(red: 255, green: 135, blue: 0)))
        grid.put(" bold", at: GridPoint(x: x, y: 1), style: Style(attributes: [.bold, .reverse]))
        grid.put("wide 日本語 e\u{301} 한글 |", at: GridPoint(x: 0, y: 2))
        grid.put("box", in: GridRect(x: size.width - 8, y: 0, width: 8, height: 1), alignment: .right)
        for (index, line) in log.suffix(max(0, size.height - 4)).enumerated() {
            grid.put(line, in: GridRect(x: 0, y: 4 + index, width: size.width, height: 1))
        }
        grid.put("#", at: GridPoint(x: size.width - 1, y: size.height - 1))
        return grid
    }

    static func words(_ event: TerminalEvent) -> String {
        switch event {
        case .key(let key): "key \(key)"
        case .paste(let text): "paste \(text.split(separator: "\n").joined(separator: "/"))"
        case .mouse(let event): "mouse \(event.kind) \(event.point.x),\(event.point.y)"
        case .resized(let size): "resized \(size.width)x\(size.height)"
        case .suspended: "suspended"
        case .resumed(let size): "resumed \(size.width)x\(size.height)"
        case .hungUp: "hung up"
        case .terminate(let signal): "terminate \(signal.rawValue)"
        }
    }

    /// - Returns: whether the program goes on.
    mutating func handle(_ event: TerminalEvent, _ terminal: TerminalSession) -> Bool {
        log.append(Probe.words(event))
        switch event {
        case .key(.character("q")), .hungUp, .terminate: return false
        case .key(.ctrl("z")): terminal.suspend()
        case .key(.character("C")): fatalError("the probe was told to crash")
        case .key(.character("S")): UnsafeMutablePointer<Int>(bitPattern: 8)?.pointee = 1
        case .key(.character("E")): _ = write(STDERR_FILENO, "a library complains\n", 20)
        case .key(.character("R")): terminal.redraw()
        case .key(.character("M")): terminal.setMouse(true)
        default: break
        }
        return true
    }
}

if CommandLine.arguments.contains("ignore-hangup") { signal(SIGHUP, SIG_IGN) }
if let index = CommandLine.arguments.firstIndex(of: "reports"), index + 1 < CommandLine.arguments.count {
    BacktraceSettings.prepare(reportFolder: CommandLine.arguments[index + 1])
}
do throws(TerminalRefusal) {
    let log = getenv("PROBE_LOG").map { String(cString: $0) }
    let terminal = try await TerminalSession.open(.init(errorLog: log, crashNotice: "the probe has crashed"))
    var probe = Probe()
    terminal.show(probe.grid(terminal), cursor: GridPoint(x: 2, y: 2))
    for await event in terminal.events {
        guard probe.handle(event, terminal) else { break }
        terminal.show(probe.grid(terminal), cursor: GridPoint(x: 2, y: 2))
    }
    await terminal.end()
    print("probe ended after \(probe.log.last ?? "nothing")")
} catch {
    print("refused: \(error)")
    exit(3)
}

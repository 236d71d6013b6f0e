import Console
import Foundation
import Settings
import TerminalKit
import Topology

/// How text on standard output looks: with colours where somebody watches a terminal that has them, in the letters that
/// the locale can spell.
struct TextLook {
    let depth: ColorDepth
    let palette: Palette
    /// Cells in a line that people read.
    let width: Int

    /// What fits standard output and the environment (`NO_COLOR`, `TERM`, `COLORTERM`, the locale).
    static func ofStandardOutput(theme: String) -> TextLook {
        let environment = ProcessInfo.processInfo.environment
        let isTerminal = isatty(STDOUT_FILENO) == 1
        let depth = isTerminal ? colors(environment) : .none
        let folders = SharedFolders.ofThisProcess(environment: environment)
        let palette = ThemeLibrary(folders).load(theme).theme.palette(depth: depth, unicode: isUnicode)
        return TextLook(depth: depth, palette: palette, width: isTerminal ? columns(of: STDOUT_FILENO) : 100)
    }

    /// A grid's rows, with escape sequences only where there are colours or a terminal to show bold on.
    func lines(of grid: Grid) -> [String] {
        guard isatty(STDOUT_FILENO) == 1 else { return grid.plainRows }
        return grid.ansiText(depth: depth).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    private static func colors(_ environment: [String: String]) -> ColorDepth {
        let terminal = environment["TERM"] ?? "dumb"
        if environment["NO_COLOR"]?.isEmpty == false || terminal == "dumb" { return .none }
        if ["truecolor", "24bit"].contains(environment["COLORTERM"]) { return .direct }
        return terminal.contains("256color") ? .indexed : .sixteen
    }

    private static var isUnicode: Bool {
        setlocale(LC_ALL, "")
        return String(cString: nl_langinfo(Int32(CODESET))).uppercased() == "UTF-8"
    }

    /// How many columns the terminal of a descriptor has; 80 where it does not say.
    static func columns(of descriptor: Int32) -> Int {
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return max(40, Int(size.ws_col))
    }
}

import Engine
import TerminalKit
import Topology

/// What the console draws, as text that nobody scrolls: for terminals without a screen, for logs and for scripts.
///
/// It uses the console's own rows and words, so that a tree reads the same everywhere.
public struct PlainRendering {
    private let model: ConsoleModel
    private let palette: Palette

    /// Prepares for one fleet.
    ///
    /// - Parameters:
    ///   - now: the moment that ages are counted to.
    ///   - clock: how moments are written.
    ///   - keymap: names keys where a text mentions one.
    public init(_ update: EngineUpdate, now: Timestamp, clock: ClockWords, palette: Palette, keymap: Keymap) {
        var known = KnownFleet()
        known.take(update, now: now)
        model = ConsoleModel(
            known: known, now: now, wallTime: now, clock: clock, size: GridSize(width: 0, height: 0), keymap: keymap)
        self.palette = palette
    }

    /// The trees of clusters, each below its title; no name is cut.
    public func trees(of clusters: [Cluster]) -> Grid {
        let screen = TreeScreen(unfolding: clusters, model)
        // Connectors, name and columns have their room, and the state's words what the longest of them take.
        let width = 2 * screen.deepest + screen.longestName + screen.longestVersion + 80
        var canvas = Canvas(GridSize(width: width, height: screen.shown.count), palette: palette)
        screen.drawPlain(on: &canvas, model)
        return canvas.grid
    }

    /// Everything known of an instance, wrapped to a width.
    public func detail(of instance: Instance, width: Int) -> Grid {
        let text = DetailText(.of(instance, depth: .full, model), width: width, palette: palette)
        let title = palette.text(instance.address.description, .panelTitleFocus)
        let lines =
            [[title] + [instance.alias.map { palette.text("  \($0)", .detailLabel) }].compactMap { $0 }] + text.lines
        var canvas = Canvas(GridSize(width: width, height: lines.count), palette: palette)
        canvas.put(lines: lines[...], in: canvas.grid.bounds)
        return canvas.grid
    }
}

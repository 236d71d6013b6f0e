/// The characters of a frame.
public struct BoxGlyphs: Sendable, Hashable {
    /// The edges.
    public var horizontal, vertical: String
    /// The corners.
    public var topLeft, topRight, bottomLeft, bottomRight: String
}

/// Every character of our own that is not a letter, in one of two sets. All are one cell wide in every terminal: no
/// emoji, no
/// private-use icons.
public struct Glyphs: Sendable, Hashable {
    /// Which set a theme or the locale asks for.
    public enum Set: String, Sendable, Hashable, CaseIterable {
        /// Box drawing and geometric shapes.
        case unicode
        /// Nothing beyond ASCII.
        case ascii
    }

    /// Which set this is.
    public var set: Set
    /// Frames.
    public var box: BoxGlyphs
    /// A branch of the tree with siblings below it, the last branch, the line past a branch, and the stroke before a
    /// name.
    public var treeBranch, treeLast, treeLine, treeStroke: String
    /// A node that is folded, and one that is open.
    public var folded, unfolded: String
    /// States of an instance: shapes differ, so that colour is never needed to tell them apart.
    public var ok, warning, broken, downtimed, unknown: String
    /// Something was cut off.
    public var ellipsis: String
    /// Between the parts of a path, between hints, before a marked row.
    public var crumb, separator, marker: String
    /// Poll interval, up, down, both ways (co-primaries), in a ring.
    public var refresh, arrowUp, arrowDown, arrowBoth, ring: String
    /// Eight levels from low to high, for small graphs.
    public var levels: [String]
    /// The lit and the dark part of a scroll bar.
    public var scrollThumb, scrollTrack: String
    /// A target that fits, fits with questions, does not fit.
    public var fits, asks, refuses: String

    /// The set for UTF-8 terminals.
    public static let unicode = Glyphs(
        set: .unicode,
        box: BoxGlyphs(
            horizontal: "─", vertical: "│", topLeft: "┌", topRight: "┐", bottomLeft: "└", bottomRight: "┘"),
        treeBranch: "├", treeLast: "└", treeLine: "│", treeStroke: "─", folded: "▸", unfolded: "▾",
        ok: "●", warning: "▲", broken: "✖", downtimed: "◌", unknown: "?", ellipsis: "…", crumb: "▸", separator: "·",
        marker: "»", refresh: "⟳", arrowUp: "↑", arrowDown: "↓", arrowBoth: "⇄", ring: "↻",
        levels: ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"], scrollThumb: "█", scrollTrack: "│",
        fits: "✓", asks: "!", refuses: "✗")

    /// The set for everything else.
    public static let ascii = Glyphs(
        set: .ascii,
        box: BoxGlyphs(
            horizontal: "-", vertical: "|", topLeft: "+", topRight: "+", bottomLeft: "+", bottomRight: "+"),
        treeBranch: "|", treeLast: "`", treeLine: "|", treeStroke: "-", folded: "+", unfolded: "-",
        ok: "*", warning: "!", broken: "X", downtimed: "o", unknown: "?", ellipsis: "~", crumb: ">", separator: "|",
        marker: ">", refresh: "@", arrowUp: "^", arrowDown: "v", arrowBoth: "=", ring: "@",
        levels: ["_", ".", ":", "-", "=", "+", "*", "#"], scrollThumb: "#", scrollTrack: "|",
        fits: "+", asks: "!", refuses: "x")

    /// The glyphs of a set.
    public static func glyphs(of set: Set) -> Glyphs {
        switch set {
        case .unicode: .unicode
        case .ascii: .ascii
        }
    }

    /// Every single glyph, for tests.
    public var all: [String] {
        [
            box.horizontal, box.vertical, box.topLeft, box.topRight, box.bottomLeft, box.bottomRight, treeBranch,
            treeLast,
            treeLine, treeStroke, folded, unfolded, ok, warning, broken, downtimed, unknown, ellipsis, crumb, separator,
            marker,
            refresh, arrowUp, arrowDown, arrowBoth, ring, scrollThumb, scrollTrack, fits, asks, refuses,
        ] + levels
    }
}

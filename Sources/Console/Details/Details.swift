import Diagnosis
import Topology

/// Everything that the detail panel can say about one instance, as labelled lines that know nothing of a screen.
struct Details: Hashable, Sendable {
    /// One labelled statement; the values are wrapped to the panel's width when drawn.
    struct Line: Hashable, Sendable {
        var label: String
        var value: [Words]
        /// Figures to draw as a sparkline after the value, oldest first.
        var sparkline: LagHistory?

        init(_ label: String, _ value: Words..., sparkline: LagHistory? = nil) {
            self.label = label
            self.value = value
            self.sparkline = sparkline
        }

        init(_ label: String, words: [Words]) {
            self.label = label
            value = words
        }
    }

    /// Lines under a common heading; an empty heading continues the panel's title.
    struct Section: Hashable, Sendable {
        var heading: String
        var lines: [Line]

        /// The section as one that tells of the past: nothing in it shines as if it were so now.
        func dimmed(_ remark: String) -> Section {
            let dim = lines.map { line in
                var line = line
                line.value = line.value.map { Words($0.text, .faint) }
                line.sparkline = nil
                return line
            }
            return Section(heading: heading + remark, lines: dim)
        }
    }

    var sections: [Section]
    /// Whether something here grows older by the second, so that the screen has to be drawn again although nothing
    /// happened.
    var hasRunningAge: Bool
}

/// How much of the long texts is shown.
enum DetailDepth: Hashable, Sendable {
    /// One line for each problem, for many instances at once.
    case summary
    /// Beside the tree: sets of GTIDs are shortened.
    case beside
    /// On a page of its own: everything in full.
    case full
}

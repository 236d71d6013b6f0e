import TerminalKit
import Topology

extension TreeScreen {
    mutating func refold(_ model: ConsoleModel) {
        choose(model)
        cursor.follow(in: shownIDs, height: pageHeight(model), substitutes: substitutes())
    }

    mutating func setFolded(_ isFolded: Bool, _ model: ConsoleModel) {
        guard canFoldSelected, let id = cursor.id else { return }
        if isFolded { folded.insert(id) } else { folded.remove(id) }
        refold(model)
    }

    /// Folds an open branch; on a folded one or a leaf, goes to what is above it.
    mutating func foldOrRise(_ model: ConsoleModel) {
        if canFoldSelected, let id = cursor.id, !folded.contains(id) {
            setFolded(true, model)
        } else {
            _ = goToSource(model)
        }
    }

    mutating func foldAll(_ model: ConsoleModel) {
        folded = Set(outline.entries.lazy.filter { $0.descendants > 0 }.map(\.id))
        refold(model)
    }
}

import Refactoring
import TerminalKit
import Topology

/// Why something that is carried may or may not go to a place: the objections with what would help, then every rule with
/// its answer.
struct ReasonsScreen: TextScreen {
    static let toggle: KeyAction? = .reasons

    private(set) var judgement: Judgement
    let place: InstanceAddress
    var scroll = TextScroll()

    init(judgement: Judgement, place: InstanceAddress) {
        self.judgement = judgement
        self.place = place
    }

    var contexts: [KeyContext] { [.move, .list] }

    mutating func perform(_ action: KeyAction, _ model: ConsoleModel) -> ScreenAnswer {
        if scroll.perform(action, count: lineCount(model), height: Self.height(model)) { return .done }
        switch action {
        case .drop, .reasons, .open, .back, .nextPanel, .previousPanel: return .close
        default: return .unused
        }
    }

    mutating func refresh(_ model: ConsoleModel) {
        if let newest = model.judgement, newest.carry == judgement.carry { judgement = newest }
        scroll.follow(count: lineCount(model), height: Self.height(model))
    }

    func crumbs(_ model: ConsoleModel) -> [String] { ["why"] }

    func hints(_ model: ConsoleModel) -> [KeyAction] { [.back] }

    func title(_ model: ConsoleModel, _ canvas: Canvas) -> [StyledText] {
        PlacePanel.title(judgement, place, canvas)
    }

    func emptiness(_ model: ConsoleModel) -> (String, String) { ("No rule speaks here.", "") }

    func lines(width: Int, _ palette: Palette, _ model: ConsoleModel) -> [[StyledText]] {
        var lines = DetailText(Details.place(place, judgement), width: width, palette: palette).lines
        lines += [[], [palette.text("every rule", .panelTitle)]]
        let answers = judgement.answers(under: place)
        let longest = answers.reduce(0) { max($0, $1.rule.id.rawValue.utf8.count) }
        for answer in answers where answer.speaks {
            let sign: ScreenStatus.Sign =
                answer.gravity.map { $0 == .refuse ? .refuses : .asks } ?? .fits
            let (glyph, scope) = sign.look(palette.glyphs)
            lines.append([
                palette.text("\(glyph) ", scope),
                palette.text(CellText.fit(answer.rule.id.rawValue, to: longest + 2), .detailLabel),
                palette.text(answer.rule.title, answer.gravity == nil ? .textDim : .text),
            ])
        }
        return lines
    }
}

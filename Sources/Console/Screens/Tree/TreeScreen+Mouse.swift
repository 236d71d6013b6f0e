import TerminalKit
import Topology

extension TreeScreen {
    /// A press picks the row up, moving with the button down carries it, letting go drops it: to the plan, where a key
    /// confirms. Where nothing was moved in between it only selects.
    mutating func point(_ event: MouseEvent, _ model: ConsoleModel) -> ScreenAnswer {
        switch event.kind {
        case .scrolledUp, .scrolledDown:
            _ = cursor.perform(event.kind == .scrolledUp ? .up : .down, in: shownIDs, height: pageHeight(model))
            return .done
        case .pressed:
            guard let place = place(at: event.point, model) else { return .done }
            cursor.select(place, in: shownIDs, height: pageHeight(model))
            pressedRow = carry == nil ? cursor.id : nil
            return .done
        case .moved:
            guard let place = place(at: event.point, model) else { return .done }
            let isOther = place != cursor.index
            if let pressed = pressedRow, isOther, carry == nil {
                pressedRow = nil
                isDragging = true
                // The row that was pressed is under the cursor still; of several marked ones it has to be one.
                let answer =
                    marks.contains(pressed)
                    ? performActing(.pickUp, model) ?? .done : pickUpPressed(model)
                guard carry != nil else {
                    isDragging = false
                    return answer
                }
                cursor.select(place, in: shownIDs, height: pageHeight(model))
                return answer
            }
            cursor.select(place, in: shownIDs, height: pageHeight(model))
            return .done
        case .released:
            pressedRow = nil
            guard isDragging else { return .done }
            isDragging = false
            guard carry != nil, place(at: event.point, model) != nil else {
                putBack(model)
                return .tell(Notice(.done, "nothing was moved"))
            }
            return performCarrying(.drop, model) ?? .done
        }
    }

    private mutating func pickUpPressed(_ model: ConsoleModel) -> ScreenAnswer {
        let kept = marks
        marks = []
        defer { marks = kept }
        return performActing(.pickUp, model) ?? .done
    }

    /// The line of the list at a cell; the ghost's line stands for the one above it.
    private func place(at point: GridPoint, _ model: ConsoleModel) -> Int? {
        let inside = layout(model.body).tree.inset(by: 1)
        guard inside.contains(point) else { return nil }
        let window = cursor.window(count: shown.count, height: inside.height - (carry == nil ? 0 : 1))
        var place = window.lowerBound + point.y - inside.y
        if ghost(model) != nil, place > cursor.index { place -= 1 }
        return window.contains(place) ? place : nil
    }
}

/// Something that was done with the mouse, or with its wheel.
public struct MouseEvent: Sendable, Hashable {
    /// What was done.
    public enum Kind: Sendable, Hashable {
        /// The left button was pressed.
        case pressed
        /// The mouse was moved with the left button down.
        case moved
        /// The left button was let go.
        case released
        /// The wheel was turned.
        case scrolledUp, scrolledDown
    }

    /// What was done.
    public var kind: Kind
    /// The cell in which that was.
    public var point: GridPoint

    /// Makes an event.
    public init(_ kind: Kind, at point: GridPoint) {
        self.kind = kind
        self.point = point
    }
}

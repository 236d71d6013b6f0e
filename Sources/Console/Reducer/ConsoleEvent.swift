import Engine
import Operations
import Recovery
import Refactoring
import Storage
import TerminalKit
import Topology

/// Something that happens to the console.
public enum ConsoleEvent: Sendable {
    case key(Key)
    /// Pasted text: it goes into text fields and answers no question.
    case paste(String)
    case resized(GridSize)
    /// The engine knows something new.
    case update(EngineUpdate)
    /// Time has passed; the reducer has no clock of its own.
    case time(Timestamp, ClockWords)
    /// Something that an effect did has ended, and the operator is to be told.
    case told(Notice)
    /// What the store holds of the past, oldest first.
    case events([Event])
    /// The program was stopped and is back in the foreground.
    case resumed(GridSize)
    /// A press, a move or a release of the mouse.
    case mouse(MouseEvent)
    /// What the rules say of every place, for ``ConsoleEffect/look(_:)``; `nil` where there is no fleet.
    case judged(Judgement?)
    /// The answer to ``ConsoleEffect/plan(_:)``, a sheet for each subject.
    case planned(Int, [PlanSheet])
    /// What the journal holds, when it has changed.
    case operations(OperationsReading)
    /// An operation of the journal with its plan, for ``ConsoleEffect/readOperation(_:)``.
    case operationRead(JournaledOperation)
    /// What the store holds of recoveries, when it has changed.
    case recoveries(RecoveriesReading)
    /// What would block or harm a recovery, for ``ConsoleEffect/checkReadiness``; by cluster.
    case readiness([Readiness])
    /// An operation of this console goes on, by the number of ``ConsoleEffect/act(_:_:reason:)``.
    case operation(Int, OperationEvent)
    /// It has ended.
    case acted(Int, ActOutcome)
}

/// Something that the reducer wants done, because it does nothing itself.
public enum ConsoleEffect: Hashable, Sendable {
    case quit
    /// Give the terminal back to the shell and stop, as Ctrl-Z does.
    case suspend
    /// Paint everything anew.
    case redraw
    /// Throw away keys that were typed before the operator could see what they answer.
    case discardTypeAhead
    /// Ask every server now.
    case refreshAll
    /// Tell those who measure that the program was stopped until now.
    case stoodStill
    case discover(InstanceAddress)
    case forget(InstanceAddress)
    /// Say something about a server, or take it back.
    case mark(InstanceAddress, MarkWords)
    /// Write a snapshot of the fleet to a file.
    case save(path: String)
    /// Read the events of the past.
    case readEvents
    /// Ask the rules about every place for what is carried.
    case look(Carry)
    /// Make plans.
    case plan(PlanRequest)
    /// Carry something out, under the console's own number for it; it goes on when the console ends.
    case act(Int, Deed, reason: String)
    /// Stop what is carried out under that number before its next step.
    case stop(Int)
    /// Look into the journal now.
    case readOperations
    /// Read one operation with its plan.
    case readOperation(Int64)
    /// Look at the store's recoveries now.
    case readRecoveries
    /// Check what would block or harm a recovery.
    case checkReadiness
    /// Take note of a recovery.
    case acknowledge(Int64, reason: String)
    /// Let plans use this password of the account that servers replicate with.
    case givePassword(TypedPassword)
    /// Write a plan to files that are not there yet.
    case write([TextFile])
    /// Take the mouse, or leave it to the terminal.
    case setMouse(Bool)
}

/// A password as it was typed; no description shows it.
public struct TypedPassword: Hashable, Sendable, CustomStringConvertible, CustomReflectable {
    /// The password itself.
    public var text: String

    public var description: String { "<redacted>" }
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}

/// A text with the file that it is to be written to.
public struct TextFile: Hashable, Sendable {
    /// In the working directory.
    public var path: String
    /// All of it.
    public var text: String
}

/// A sentence for the lines above the hints; it stays until the next key, and in the list of messages.
public struct Notice: Hashable, Sendable {
    /// How a notice is meant.
    public enum Kind: Hashable, Sendable {
        case done
        case refused
    }

    /// Whether something was done or could not be.
    public var kind: Kind
    /// What to tell, without a full stop.
    public var sentence: String

    /// Makes a notice; the sentence has no full stop.
    public init(_ kind: Kind, _ sentence: String) {
        self.kind = kind
        self.sentence = sentence
    }
}

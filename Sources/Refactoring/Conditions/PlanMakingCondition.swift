/// Whether a plan can be written down, carried out to its end, and taken back.
public enum PlanMakingCondition: String, PlanCondition {
    case unsayable = "plan.words"
    case impossible = "plan.none"
    case secret = "cred.secret"
    case irreversible = "undo.irreversible"
    case changed = "undo.changed"
    case undecided = "plan.undecided"
    case promotionBegun = "plan.promotion-begun"

    public var gravity: Gravity { self == .undecided ? .warn : .refuse }

    public var title: String {
        switch self {
        case .unsayable: "Each server must have statements for what it is to do"
        case .impossible: "There must be something that can be planned"
        case .secret: "The password that a step needs must be known"
        case .irreversible: "What is undone must have a way back"
        case .changed: "What is undone must still be as the operation left it"
        case .undecided: "An earlier operation on the same servers should be decided about first"
        case .promotionBegun: "Nobody may be promoted while another server of the cluster is about to be"
        }
    }

    public var why: String {
        switch self {
        case .unsayable:
            "A step is put into the words of its server's version. This one has none for it, or takes no such value, and a "
                + "plan that stops in its middle is not begun."
        case .impossible:
            "What was asked cannot be planned here: a picture of the past has no servers to change, and an operation of the "
                + "journal can be resumed, taken back or undone only in the state for that."
        case .secret:
            "A change of source needs the password of the replication account wherever the server does not keep it. baton looks "
                + "it up before it begins, and writes it nowhere."
        case .irreversible:
            "A step cannot be taken back: binary logs that are gone, a killed query, a position that nobody noted. baton "
                + "rather says so than undoes half."
        case .changed:
            "Somebody, or another operation, has changed the server since. To take back what came before that would undo their "
                + "work as well, or end where nobody wanted it."
        case .undecided:
            "An operation that failed, was stopped or was interrupted may have left a server in its middle: stopped, or at "
                + "another place. A new plan takes that for how things are meant to be, and afterwards the earlier operation "
                + "can often neither be resumed nor rolled back."
        case .promotionBegun:
            "An operation that was interrupted or failed while it promoted a server may have made that writable, whatever the "
                + "replicas that were not moved yet still follow. A second one promoted beside it would take writes of its own: "
                + "two histories, of which one is lost."
        }
    }

    public var remedy: String {
        switch self {
        case .unsayable: "Do it in another way, or on the server by hand."
        case .impossible: "Open the console on live servers; `baton operations` shows how the operation stands."
        case .secret:
            "Put it into an environment variable, and name that variable by `operations.replication-password-variable` in the "
                + "configuration."
        case .irreversible: "Look at the servers (`baton topology`), and plan the way to where you want them to be."
        case .changed: "Take back first what was done since, or plan the way back as a move of its own."
        case .undecided: "Resume, roll back or leave the earlier one first: `baton operations --open` lists them."
        case .promotionBegun:
            "Resume it, which leads to its end. Where the server that it promotes is lost as well, leave it, and plan anew."
        }
    }
}

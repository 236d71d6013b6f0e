import Diagnosis
import TestSupport
import Topology

/// Servers in the states that failure codes are about.
extension Instance {
    /// The receiver cannot connect to its source, as a replica of a killed server says it.
    func failingToConnect(at moment: Timestamp? = .testNow - .seconds(9)) -> Instance {
        withChannel {
            $0.receiver = .connecting
            $0.receiverError = ReplicationError(
                code: 2003,
                message:
                    "Error reconnecting to source 'repl@db1:3306'. This was attempt 1/86400, with a delay of 60 seconds "
                    + "between attempts. Message: Can't connect to MySQL server on 'db1:3306' (111)", at: moment)
            $0.lag = nil
        }
    }

    /// Both threads were stopped by hand.
    func stopped() -> Instance {
        withChannel {
            $0.receiver = .stopped
            $0.applier = .stopped
            $0.lag = nil
        }
    }

    /// The applier stopped with an error; the receiver still receives.
    func applierBroken() -> Instance {
        withChannel {
            $0.applier = .stopped
            $0.applierError = ReplicationError(code: 1062, message: "Duplicate entry", at: .testNow - .seconds(50))
            $0.lag = nil
        }
    }

    /// The source turns the replica away.
    func turnedAway(_ code: Int = 1045) -> Instance {
        withChannel {
            $0.receiver = .connecting
            $0.receiverError = ReplicationError(
                code: code, message: "error connecting to master 'repl@db1:3306' - Access denied for user 'repl'",
                at: .testNow)
            $0.lag = nil
        }
    }

    /// It answers and does not let baton in.
    func closed(_ kind: ContactFailure.Kind = .tooManyConnections) -> Instance {
        var copy = self
        copy.contact = .noAccess(
            since: .testNow - .seconds(5), lastSeen: .testNow - .seconds(6),
            ContactFailure(kind: kind, code: 1040, message: "Too many connections"))
        return copy
    }

    /// It was read in an earlier run, and has not been asked yet.
    func remembered() -> Instance {
        var copy = self
        copy.contact = .remembered(lastSeen: .testNow - .seconds(100))
        return copy
    }

    /// What became of test writes on it.
    func writing(_ check: WriteCheck) -> Instance {
        var copy = self
        copy.writeCheck = check
        return copy
    }

    /// Connected, and silent for so long.
    func silent(for length: Duration, period: Duration = .seconds(1)) -> Instance {
        withChannel { $0.silence = SourceSilence(since: .testNow - length, period: period) }
    }

    func delayed() -> Instance { withChannel { $0.delay = .seconds(3600) } }

    /// Semi-sync at the source's side, with so many replicas that acknowledge.
    func semiSync(wait: Int, clients: Int, isActive: Bool = true) -> Instance {
        changed {
            $0.semiSync.source = SemiSync.SourceSide(
                isEnabled: true, isActive: isActive, timeout: .seconds(10), waitForReplicas: wait, clients: clients)
        }
    }

    func logging(_ format: BinaryLog.Format?, updates: Bool = true) -> Instance {
        changed { facts in
            facts.binaryLog = format.map { BinaryLog(format: $0, logsReplicaUpdates: updates) }
        }
    }
}

/// A fleet with what is known besides, and the code that it has.
struct FailureCase: Sendable, CustomStringConvertible {
    let code: FailureCode
    let subject: InstanceAddress
    let instances: [Instance]
    let inputs: FailureInputs
    /// What tells cases of one code apart.
    let note: String

    init(
        _ code: FailureCode, _ note: String, of subject: InstanceAddress = "db1",
        inputs: FailureInputs = FailureInputs(),
        _ instances: [Instance]
    ) {
        self.code = code
        self.note = note
        self.subject = subject
        self.instances = instances
        self.inputs = inputs
    }

    var description: String { "\(code.rawValue): \(note)" }

    var analysis: FailureAnalysis { FailureAnalysis(of: Fleet(instances), inputs: inputs) }
}

import Refactoring
import Storage
import TestSupport
import Topology

@testable import Console
@testable import Operations

/// Pictures of operations: running, ended, of the journal.
enum OperationPictures {
    /// db4 is moved below db5, and y was pressed.
    private static let run = ["down", "down", "m", "n", "enter", "y"]

    static let all: [Picture] = [
        picture("operation-running", run, then: runs), picture("operation-running", run, size: (160, 50), then: runs),
        picture("operation-running", run, unicode: false, then: runs),
        picture("operation-done", run, then: ends), picture("operation-done", run, size: (160, 50), then: ends),
        picture("operation-done", run, unicode: false, then: ends),
        picture("operation-failed", run, then: fail), picture("operation-failed", run, size: (160, 50), then: fail),
        picture("operation-failed", run, unicode: false, then: fail),
        picture("operation-leave", run + ["esc"]),
        picture("operations", ["O"], then: journal), picture("operations", ["O"], size: (160, 50), then: journal),
        picture("operations", ["O"], unicode: false, then: journal),
        picture("operation-interrupted", []) { console in
            journal(&console)
            try? console.press("O", "enter")
        },
        picture("operation-open-notice", [], then: journal),
    ]

    private static func picture(
        _ name: String, _ keys: [String], size: (Int, Int) = (80, 24), unicode: Bool = true,
        then: @escaping @Sendable (inout ConsoleScript) -> Void = { _ in }
    ) -> Picture {
        Picture(
            name: name, width: size.0, height: size.1, unicode: unicode, fleet: { .movable }, keys: keys, then: then)
    }

    private static func report(_ ending: OperationReport.Ending, _ durations: [Duration?]) -> OperationReport {
        var report = OperationReport(
            operation: 12, ending: ending, durations: durations, changedOptions: [], states: [:], choices: [])
        if case .failed = ending {
            report.states = ["db4.fra": "follows db5.fra:3306, its receiver is connecting, its applier runs"]
            report.choices = OperationReport.Choice.allCases
        }
        return report
    }

    private static let runs: @Sendable (inout ConsoleScript) -> Void = { console in
        console.happen(.operation(2, .began(12)))
        console.happen(.operation(2, .stepBegan(0)))
        console.happen(.operation(2, .waiting(0, "its receiver is still connecting")))
        console.pass(.testNow + .seconds(3))
    }

    private static let ends: @Sendable (inout ConsoleScript) -> Void = { console in
        console.happen(.operation(2, .began(12)))
        console.happen(.operation(2, .stepEnded(0, .milliseconds(84))))
        console.happen(.operations(.read([.test(12, .done)], open: [])))
        console.happen(.acted(2, .report(report(.done, [.milliseconds(84)]))))
    }

    private static let fail: @Sendable (inout ConsoleScript) -> Void = { console in
        let failure = StepFailure(
            step: 0, instance: "db4.fra", purpose: "follow db5.fra:3306", phase: .proof,
            message: "waited 10 s for its receiver to connect to db5.fra:3306: error 2003: error connecting to source "
                + "'repl@db5.fra:3306'")
        console.happen(.operation(2, .began(12)))
        console.happen(.operation(2, .stepFailed(failure)))
        console.happen(.operations(.read([.test(12, .failed)], open: [12])))
        console.happen(.acted(2, .report(report(.failed([failure]), [nil]))))
    }

    private static let journal: @Sendable (inout ConsoleScript) -> Void = { console in
        console.happen(
            .operations(
                .read(
                    [.test(15, .running), .test(14, .done), .test(13, .takenBack), .test(12, .running)], open: [12])))
    }
}

extension OperationRecord {
    /// An operation of the journal with the plan that moves db4 below db5.
    static func test(_ id: Int64, _ outcome: Outcome, holder: String = "me") -> OperationRecord {
        var record = OperationRecord(
            startedAt: .testNow - .seconds(60), user: "ada", client: "192.0.2.7 50022 22", reason: "rack 7",
            verb: "relocate", intent: "Move db4.fra:3306 below db5.fra:3306", plan: "{}",
            holder: LeaseHolder(id: holder, pid: 4711, host: "ops1", user: "ada"),
            expires: .testNow + .seconds(30))
        record.id = id
        record.outcome = outcome
        if outcome != .running { record.endedAt = .testNow - .seconds(50) }
        return record
    }
}

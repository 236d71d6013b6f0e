import ArgumentParser
import Lab

/// Which lab is meant.
struct LabOptions: ParsableArguments {
    /// The lab that is meant where none is named.
    static let usualName = "lab"

    @Option(help: "The lab's name: several can be up at a time.")
    var name = usualName

    @Option(
        help: ArgumentHelp("The lab's folder, in place of the one that belongs to its name.", valueName: "folder"),
        completion: .directory)
    var dir: String?

    func validate() throws {
        let allowed = name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) }
        guard allowed, !name.isEmpty, !name.hasPrefix(".") else {
            throw ValidationError("a lab's name has letters, digits, \"-\", \"_\" and \".\" only: \(name)")
        }
    }

    var folder: String { dir ?? LabPaths.folder(named: name) }

    func open() throws -> Lab { try Lab.open(folder: folder) }
}

/// Runs what a lab command does, and turns why it could not into a failure with the right exit code.
func labWork(_ body: () async throws -> Void) async throws {
    do {
        try await body()
    } catch let error as ShapeError {
        throw CommandFailure(.usage, "this shape can't be read:\n\(error)")
    } catch let error as LabError {
        throw CommandFailure(error.exitCode, error.description)
    }
}

extension LabError {
    fileprivate var exitCode: CommandFailure.Code {
        switch self {
        case .noSuchServer, .alreadyUp: .usage
        case .notUp, .unsuitable, .statementFailed, .timeout: .negative
        case .noInstallation, .serverDied, .serverSilent: .unreachable
        case .badFolder: .store
        case .commandFailed, .system: .internalError
        }
    }
}

extension LabProgress {
    /// Tells the person at the terminal, not the script that reads the answer.
    static let remarks = LabProgress { Answer.remark($0) }
}

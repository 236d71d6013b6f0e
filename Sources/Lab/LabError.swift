import Foundation

/// Why the lab could not do what it was asked for: what happened, where, and what to do next.
public enum LabError: Error, Hashable, Sendable, CustomStringConvertible {
    /// There is no server program of that family on this machine.
    case noInstallation(Shape.Flavour)
    /// A program that the lab runs failed; `output` is the end of what it said.
    case commandFailed(what: String, output: String)
    /// A server's process ended while it should have come up.
    case serverDied(server: String, log: String, lastLines: String)
    /// A server did not answer in time; its process is still there.
    case serverSilent(server: String, seconds: Int, log: String, lastLines: String)
    /// A server refused a statement, or the connection to it failed.
    case statementFailed(server: String, during: String, reason: String)
    /// A condition was not reached in time.
    case timeout(server: String, waitingFor: String, seconds: Int, found: String)
    case noSuchServer(String, known: [String])
    /// The server does not run, or is not in a state in which this makes sense.
    case unsuitable(server: String, reason: String)
    /// There is a lab in that folder already.
    case alreadyUp(folder: String)
    /// There is no lab in that folder.
    case notUp(folder: String)
    /// The folder holds something else, or can't be used.
    case badFolder(String, reason: String)
    case system(call: String, about: String, code: Int32)

    /// A sentence or two for a person.
    public var description: String {
        switch self {
        case .noInstallation(let flavour):
            flavour == .mysql
                ? "there is no MySQL server (8.0 or later) on this machine; scripts/fetch-mysql fetches one, "
                    + "and BATON_MYSQL_PREFIX names one that lies elsewhere"
                : "there is no MariaDB server on this machine; install the packages mariadb-server-core and "
                    + "mariadb-client-core"
        case .commandFailed(let what, let output):
            "\(what) failed" + (output.isEmpty ? "" : ":\n" + output)
        case .serverDied(let server, let log, let lastLines):
            "\(server) ended while it was starting; the last lines of its log (\(log)):\n\(lastLines)"
        case .serverSilent(let server, let seconds, let log, let lastLines):
            "\(server) runs but did not answer within \(seconds) s; the last lines of its log (\(log)):\n\(lastLines)"
        case .statementFailed(let server, let during, let reason):
            "\(server): \(during) failed: \(reason)"
        case .timeout(let server, let waitingFor, let seconds, let found):
            "\(server): waited \(seconds) s for \(waitingFor), in vain" + (found.isEmpty ? "" : "; it says: \(found)")
        case .noSuchServer(let name, let known):
            "there is no server \"\(name)\" in this lab; there are \(known.joined(separator: ", "))"
        case .unsuitable(let server, let reason):
            "\(server): \(reason)"
        case .alreadyUp(let folder):
            "a lab is up in \(folder) already: take it down first (baton lab down), or give this one a --name"
        case .notUp(let folder):
            "no lab is up in \(folder): bring one up with baton lab up SHAPE"
        case .badFolder(let folder, let reason):
            "\(folder) can't be used for a lab: \(reason)"
        case .system(let call, let about, let code):
            "\(call) failed for \(about): \(String(cString: strerror(code)))"
        }
    }
}

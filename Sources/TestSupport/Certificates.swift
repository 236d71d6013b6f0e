import Foundation

/// Certificates for one test, made with openssl: an authority, a server it vouches for, and a stranger.
public struct Certificates: Sendable {
    public struct Failure: Error {
        let command: String
    }

    /// Files: the authority, and another one that has vouched for nobody.
    public let authority: String
    public let foreignAuthority: String
    public let serverKey: String
    /// Made out to `localhost`.
    public let serverCertificate: String

    /// Made once for the whole run.
    public static func make() async throws -> Certificates {
        try await offCooperativeThreads { try shared.get() }
    }

    private static let shared: Result<Certificates, any Error> = Result {
        let folder = FileManager.default.temporaryDirectory.appending(path: "baton-test-tls-\(getpid())").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        atexit {
            let folder = "baton-test-tls-\(getpid())"
            try? FileManager.default.removeItem(at: FileManager.default.temporaryDirectory.appending(path: folder))
        }
        for name in ["ca", "foreign"] {
            try openssl(
                "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=\(name) -keyout \(folder)/\(name).key "
                    + "-out \(folder)/\(name).pem")
        }
        try openssl(
            "req -newkey rsa:2048 -nodes -subj /CN=localhost -keyout \(folder)/server.key -out \(folder)/server.csr")
        try "subjectAltName=DNS:localhost\n".write(
            toFile: "\(folder)/names", atomically: true, encoding: .utf8)
        try openssl(
            "x509 -req -in \(folder)/server.csr -CA \(folder)/ca.pem -CAkey \(folder)/ca.key -CAcreateserial -days 2 "
                + "-extfile \(folder)/names -out \(folder)/server.pem")
        return Certificates(
            authority: "\(folder)/ca.pem", foreignAuthority: "\(folder)/foreign.pem",
            serverKey: "\(folder)/server.key", serverCertificate: "\(folder)/server.pem")
    }

    private static func openssl(_ arguments: String) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
        process.arguments = arguments.split(separator: " ").map(String.init)
        process.standardError = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failure(command: "openssl \(arguments)") }
    }
}

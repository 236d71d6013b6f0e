import CTrustStore
import Foundation
import Servers
import TestSupport
import Testing
import Topology

@Suite("TLS", .serialized)
struct ConnectionTLSTests {
    /// The cipher of a connection with these settings; `nil` in the clear.
    private func cipher(
        _ server: TestServer, _ tls: TLSSettings, host: String = "127.0.0.1"
    ) async throws -> String? {
        let address = InstanceAddress(host: host, port: server.address.port)
        let connection = try await Connection.open(to: address, settings: server.settings(tls: tls))
        defer { connection.close() }
        let said = try await connection.execute("SHOW STATUS LIKE 'Ssl_cipher'", timeout: .seconds(5))
        // What the server says is what counts.
        let cipher = said.text(row: 0, column: 1).flatMap { $0.isEmpty ? nil : $0 }
        #expect(cipher == connection.tlsCipher)
        return cipher
    }

    @Test("no connection reads the system's certificate authorities")
    func trustStore() {
        #expect(baton_trust_store_is_left_out())
    }

    @Test("with a server that has none: PREFERRED goes on in the clear, the stricter modes refuse")
    func serverWithoutTLS() async throws {
        let certificates = try await Certificates.make()
        try await TestServer.with { server in
            let plain = try await cipher(server, TLSSettings(mode: .disabled))
            #expect(plain == nil)
            let preferred = try await cipher(server, TLSSettings(mode: .preferred))
            #expect(preferred == nil)
            for mode in [TLSSettings.Mode.required, .verifyCA, .verifyIdentity] {
                let error = await #expect(throws: ConnectionError.self) {
                    try await cipher(
                        server, TLSSettings(mode: mode, certificateAuthority: certificates.authority))
                }
                #expect(error?.cause == .contact(.tls), "\(mode): \(error as Any)")
            }
        }
    }

    @Test("with a certificate: each mode checks what it says")
    func serverWithTLS() async throws {
        let certificates = try await Certificates.make()
        let flags = [
            "--ssl-cert=\(certificates.serverCertificate)", "--ssl-key=\(certificates.serverKey)",
            "--ssl-ca=\(certificates.authority)",
        ]
        try await TestServer.with(flags: flags) { server in
            let plain = try await cipher(server, TLSSettings(mode: .disabled))
            #expect(plain == nil)
            let preferred = try await cipher(server, TLSSettings(mode: .preferred))
            #expect(preferred != nil)
            let required = try await cipher(server, TLSSettings(mode: .required))
            #expect(required != nil)
            for mode in [TLSSettings.Mode.verifyCA, .verifyIdentity] {
                let good = TLSSettings(mode: mode, certificateAuthority: certificates.authority)
                let verified = try await cipher(server, good, host: "localhost")
                #expect(verified != nil)
                let foreign = TLSSettings(mode: mode, certificateAuthority: certificates.foreignAuthority)
                let error = await #expect(throws: ConnectionError.self) {
                    try await cipher(server, foreign, host: "localhost")
                }
                #expect(error?.cause == .contact(.tls), "\(mode): \(error as Any)")
            }
            let otherName = TLSSettings(mode: .verifyIdentity, certificateAuthority: certificates.authority)
            let error = await #expect(throws: ConnectionError.self) {
                try await cipher(server, otherName, host: "127.0.0.1")
            }
            #expect(error?.cause == .contact(.tls))
        }
    }

    @Test("a query over TLS to a frozen server ends at its deadline, and delays no other")
    func frozenOverTLS() async throws {
        let certificates = try await Certificates.make()
        let flags = ["--ssl-cert=\(certificates.serverCertificate)", "--ssl-key=\(certificates.serverKey)"]
        try await TestServer.with(flags: flags) { server in
            let settings = server.settings(tls: TLSSettings(mode: .required))
            let frozen = try await Connection.open(to: server.address, settings: settings)
            let large = try await frozen.execute("SELECT REPEAT('z', 1000000)", timeout: .seconds(10))
            #expect(large.text(row: 0, column: 0)?.utf8.count == 1_000_000)
            // Running before the clock does: starting a server takes as long as it takes.
            try await TestServer.with { healthy in
                let connection = try await healthy.connect()
                try await server.freeze()
                let start = ContinuousClock.now
                let late = Task {
                    let error = await #expect(throws: ConnectionError.self) {
                        try await frozen.query(["SELECT 1"], timeout: .milliseconds(1500))
                    }
                    return (error, ContinuousClock.now - start)
                }
                var answersMeanwhile = 0
                while ContinuousClock.now - start < .milliseconds(1400) {
                    try await connection.execute("SELECT 1", timeout: .seconds(10))
                    if ContinuousClock.now - start < .milliseconds(1500) { answersMeanwhile += 1 }
                }
                #expect(answersMeanwhile > 0)
                let (error, took) = await late.value
                #expect(error?.cause == .contact(.readTimeout))
                #expect(took < .seconds(5))
            }
            server.signal(SIGCONT)
        }
    }

    @Test("one connection that ends badly leaves the others alone")
    func endsAlone() async throws {
        let certificates = try await Certificates.make()
        let flags = ["--ssl-cert=\(certificates.serverCertificate)", "--ssl-key=\(certificates.serverKey)"]
        try await TestServer.with(flags: flags) { server in
            let settings = server.settings(tls: TLSSettings(mode: .required))
            let other = try await Connection.open(to: server.address, settings: settings)
            for _ in 0..<5 {
                let connection = try await Connection.open(to: server.address, settings: settings)
                await #expect(throws: ConnectionError.self) {
                    try await connection.query(["SELECT SLEEP(20)"], timeout: .milliseconds(100))
                }
                let answer = try await other.execute("SELECT SLEEP(0.05)", timeout: .seconds(20))
                #expect(answer.rowCount == 1)
            }
        }
    }

    @Test("a mode that verifies needs an authority to verify with")
    func verifyingNeedsAnAuthority() async throws {
        for mode in [TLSSettings.Mode.verifyCA, .verifyIdentity] {
            let settings = ConnectionSettings(credentials: Credentials(user: "u"), tls: TLSSettings(mode: mode))
            let error = await #expect(throws: ConnectionError.self) {
                try await Connection.open(
                    to: InstanceAddress(host: "127.0.0.1"), settings: settings)
            }
            #expect(error?.cause == .settings)
            #expect(error?.message.contains("ssl-ca") == true)
        }
    }
}

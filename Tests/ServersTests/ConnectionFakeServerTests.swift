import Foundation
import Servers
import TestSupport
import Testing
import Topology

@Suite("A connection to something that is no MySQL server")
struct ConnectionFakeServerTests {
    private func open(_ address: InstanceAddress, tls: TLSSettings = TLSSettings()) async throws {
        let settings = ConnectionSettings(
            credentials: Credentials(user: "u", password: Secret("hush")), tls: tls,
            connectTimeout: .milliseconds(400))
        try await Connection.open(to: address, settings: settings).close()
    }

    @Test(
        "fails with a kind, and neither crashes nor hangs",
        arguments: [
            "SSH-2.0-OpenSSH_9.2p1\r\n", "HTTP/1.1 400 Bad Request\r\n\r\n", "\u{0}\u{0}\u{0}\u{0}",
            "\u{1}\u{0}\u{0}\u{0}\u{0a}", "\u{7f}\u{7f}\u{7f}\u{0}\u{0a}",
            String(repeating: "\u{5}\u{0}\u{0}\u{0}\u{0a}8.0.", count: 50),
        ])
    func garbage(_ text: String) async throws {
        for manner in [FakeServer.Manner.says(Array(text.utf8)), .saysAndCloses(Array(text.utf8))] {
            let server = FakeServer(manner)
            defer { server.stop() }
            let start = ContinuousClock.now
            let error = await #expect(throws: ConnectionError.self) { try await open(server.address) }
            #expect(error?.phase == .connecting)
            #expect(error?.cause != .cancelled)
            #expect(ContinuousClock.now - start < .seconds(2))
        }
    }

    @Test("random bytes give an error, whatever they are")
    func randomBytes() async throws {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<30 {
            let bytes = (0..<Int.random(in: 0...300, using: &generator)).map { _ in UInt8.random(in: 0...255) }
            // A well-formed packet header makes the client read on into what follows.
            let framed = [UInt8(bytes.count & 255), UInt8(bytes.count >> 8), 0, 0] + bytes
            let server = FakeServer(.saysAndCloses(Bool.random() ? framed : bytes))
            defer { server.stop() }
            await #expect(throws: ConnectionError.self) { try await open(server.address) }
        }
    }

    @Test("that says nothing is a connect timeout")
    func silence() async throws {
        let server = FakeServer(.says([]))
        defer { server.stop() }
        let error = await #expect(throws: ConnectionError.self) { try await open(server.address) }
        #expect(error?.cause == .contact(.connectTimeout))
    }

    @Test("that stalls after its greeting, or within the TLS handshake, is a connect timeout")
    func stallsLater() async throws {
        for mode in TLSSettings.Mode.allCases where mode <= .required {
            let server = FakeServer(.says(Greeting(offersTLS: true).packet))
            defer { server.stop() }
            let start = ContinuousClock.now
            let error = await #expect(throws: ConnectionError.self) {
                try await open(server.address, tls: TLSSettings(mode: mode))
            }
            #expect(error?.cause == .contact(.connectTimeout), "\(mode): \(error as Any)")
            #expect(!server.heardBytes.isEmpty)
            #expect(ContinuousClock.now - start < .seconds(2))
        }
    }

    @Test("a closed port is refused, and a name that does not exist is unknown")
    func nobodyThere() async throws {
        let reservation = PortReservation()
        defer { reservation.end() }
        let refused = await #expect(throws: ConnectionError.self) {
            try await open(InstanceAddress(host: "127.0.0.1", port: reservation.port))
        }
        #expect(refused?.cause == .contact(.connectionRefused))
        let unknown = await #expect(throws: ConnectionError.self) {
            try await open(InstanceAddress(host: "no-such-host.invalid"))
        }
        #expect(unknown?.cause == .contact(.unknownHost) || unknown?.cause == .contact(.connectTimeout))
    }

    @Test("a server that offers no TLS hears no credentials where its identity was to be verified")
    func noCredentialsInTheClear() async throws {
        let authority = try await Certificates.make().authority
        for mode in [TLSSettings.Mode.verifyCA, .verifyIdentity] {
            let server = FakeServer(.says(Greeting(offersTLS: false).packet))
            defer { server.stop() }
            let error = await #expect(throws: ConnectionError.self) {
                try await open(server.address, tls: TLSSettings(mode: mode, certificateAuthority: authority))
            }
            #expect(error?.cause == .contact(.tls), "\(mode): \(error as Any)")
            #expect(server.heardBytes.isEmpty)
        }
    }

    @Test("a server that asks for the password in the clear does not get it")
    func noClearTextPassword() async throws {
        for mode in [TLSSettings.Mode.disabled, .preferred] {
            let server = FakeServer(.says(Greeting(offersTLS: false, plugin: "mysql_clear_password").packet))
            defer { server.stop() }
            await #expect(throws: ConnectionError.self) {
                try await open(server.address, tls: TLSSettings(mode: mode))
            }
            #expect(!String(decoding: server.heardBytes, as: UTF8.self).contains("hush"))
        }
    }
}

/// The first packet of a MySQL server (Protocol::HandshakeV10).
struct Greeting {
    var offersTLS: Bool
    var plugin = "mysql_native_password"

    var packet: [UInt8] {
        // PROTOCOL_41, SECURE_CONNECTION, PLUGIN_AUTH and what every server has.
        let capabilities: UInt32 = 0x0008_a20f | 0x0003_0000 | (offersTLS ? 0x0800 : 0)
        var body: [UInt8] = [10] + Array("8.0.99-fake".utf8) + [0, 1, 0, 0, 0]
        body += Array("abcdefgh".utf8) + [0]
        body += [UInt8(capabilities & 255), UInt8(capabilities >> 8 & 255), 45, 2, 0]
        body += [UInt8(capabilities >> 16 & 255), UInt8(capabilities >> 24), 21]
        body += [UInt8](repeating: 0, count: 10) + Array("ijklmnopqrst".utf8) + [0]
        body += Array(plugin.utf8) + [0]
        return [UInt8(body.count), 0, 0, 0] + body
    }
}

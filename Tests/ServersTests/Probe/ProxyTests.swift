import Testing
import Topology

@testable import Servers

@Suite("A proxy")
struct ProxyTests {
    @Test("that knows none of a server's statements is named by its answer to the one that clients send")
    func namedProxy() {
        var server = ScriptedServer()
        server.row("SELECT @@version_comment", ["@@version_comment": "(ProxySQL Admin Module)"])
        let session = ProbeSession(greeting: "8.0.30")
        server.poll(session)
        #expect(session.facts?.proxy == .named("ProxySQL"))
        let before = server.batches.count
        server.poll(session)
        #expect(server.batches.count == before + 1)
    }

    @Test("is recognised by its greeting, though a server answers behind it")
    func greeting() {
        var server = ScriptedServer.mysql("8.0.36")
        let session = ProbeSession(greeting: "8.0.36-router")
        server.poll(session)
        #expect(session.facts?.proxy == .named("MySQL Router"))
    }

    @Test("something that refuses every question ends its poll without facts")
    func mute() {
        var server = ScriptedServer()
        let session = ProbeSession()
        server.poll(session)
        #expect(session.facts == nil)
        #expect(server.batches.count == 2)
    }

    private func history(_ identities: [(String, seconds: Int)]) -> ProxySighting? {
        var history = IdentityHistory()
        let start = ContinuousClock.now
        for (name, seconds) in identities {
            let identity = ServerIdentity(serverID: 1, hostName: name, port: 3306)
            history.record(
                IdentityHistory.Identity(identity), isNewConnection: true, at: start + .seconds(seconds))
        }
        return history.proxy
    }

    @Test("one change of identity is another server on a known port, a second one soon after is a proxy")
    func changes() {
        #expect(history([("a", 0), ("a", 1), ("a", 2)]) == nil)
        #expect(history([("a", 0), ("b", 1), ("b", 2)]) == nil)
        #expect(
            history([("a", 0), ("b", 1), ("a", 2)])
                == .changingIdentity("server_id 1 (b:3306)", "server_id 1 (a:3306)"))
        #expect(history([("a", 0), ("b", 1), ("c", 2)]) != nil)
    }

    @Test("changes that lie far apart, or many connections back, are forgotten")
    func forgets() {
        #expect(history([("a", 0), ("b", 10), ("a", 3700)]) == nil)
        #expect(history([("a", 0), ("b", 1), ("a", 2)] + (3..<12).map { ("a", $0) }) == nil)
    }

    @Test("an identity that changes on one and the same connection counts too")
    func sharedConnection() {
        var history = IdentityHistory()
        for name in ["a", "a", "b", "b", "a"] {
            let identity = ServerIdentity(serverID: 1, hostName: name, port: 3306)
            history.record(IdentityHistory.Identity(identity), isNewConnection: false, at: .now)
        }
        #expect(history.proxy != nil)
    }
}

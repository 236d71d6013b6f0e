import Foundation
import Lab
import Refactoring
import Servers
import TestSupport
import Testing
import Topology

@testable import Lab

extension MoveScenarios.Journeys {
    @Test("by an account that has what the documentation grants, and nothing else", arguments: Shape.Flavour.allCases)
    func documentedGrants(flavour: Shape.Flavour) async throws {
        let lab = try Labs.of(flavour)
        let account = Credentials(user: "exact", password: Secret("exactly"))
        let grants = try DocumentedGrants.read(for: flavour)
        #expect(!grants.isEmpty)
        for server in lab.servers {
            try await server.executeUnlogged(["CREATE USER 'exact'@'%' IDENTIFIED BY 'exactly'"] + grants)
        }
        let method = flavour == .mysql ? "gtid" : "mariadb-gtid"
        try await travel(Journey.all, in: MoveLabs.byGTID, of: flavour, by: method, as: account)
        try await travel(Journey.all, in: MoveLabs.byPosition, of: flavour, by: "position", as: account)
        try await operate(flavour, as: account)
        for server in lab.servers { try await server.executeUnlogged(["DROP USER 'exact'@'%'"]) }
    }

    /// The operations that such an account is said to be able to do.
    private func operate(_ flavour: Shape.Flavour, as account: Credentials) async throws {
        try await Mover.on(try Labs.of(flavour), as: account) { mover in
            let leaf = mover.replica("h")
            #expect(try await mover.facts("h").unavailable.isEmpty)
            try await mover.underLoad(MoveLabs.byGTID.all) {
                let operations: [ServerOperation] = [
                    .stopReplica(leaf), .stopReplicaNicely(leaf), .delayReplication(leaf, .seconds(1)),
                    .resetReplica(leaf),
                ]
                for operation in operations {
                    try await mover.takeBack(try await mover.carryOut(operation))
                }
                let opened = try await mover.carryOut(.setWritable(mover.address("c"), semiSync: .leave))
                let closed = try await mover.carryOut(.setReadOnly(mover.address("c"), semiSync: .leave))
                try await mover.takeBack(closed)
                try await mover.takeBack(opened)
                try await mover.carryOut(.restartReplica(leaf))
                try await mover.carryOut(.flushBinaryLogs(mover.address("h")))
                let file = try #require(try await mover.facts("h").binaryLog?.position?.file)
                try await mover.carryOut(.purgeBinaryLogs(mover.address("h"), to: file))
                try await mover.carryOut(.disableGTID(leaf))
                try await mover.carryOut(.enableGTID(leaf))
            }
        }
    }
}

/// The statements of `docs/grants.md`, as an administrator copies them.
enum DocumentedGrants {
    /// Those for watching and for acting, to the account `exact`.
    static func read(for flavour: Shape.Flavour) throws -> [String] {
        let page = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../docs/grants.md")
        var statements: [String] = []
        var family: Shape.Flavour?
        var isCode = false
        for line in try String(contentsOf: page, encoding: .utf8).split(separator: "\n").map(String.init) {
            let words = line.hasPrefix("-- ") ? String(line.dropFirst(3)) : line
            if line.hasPrefix("```") { isCode.toggle() }
            // Each block, or part of one, begins with the releases that it is for.
            if words.hasPrefix("MySQL") { family = .mysql }
            if words.hasPrefix("MariaDB") { family = .mariadb }
            guard isCode, family == flavour, line.hasPrefix("GRANT ") else { continue }
            statements.append(line.replacing("'baton'@'%';", with: "'exact'@'%'"))
        }
        return statements
    }
}

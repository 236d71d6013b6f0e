import Lab

extension Lab {
    /// The command that does something to a server, as it is to be typed: with the lab's name or folder where it is
    /// not the lab that commands take without being told.
    fileprivate func command(_ verb: String, _ server: LabServer) -> String {
        let start = "baton lab \(verb) \(server.name)"
        if folder == LabPaths.folder(named: LabOptions.usualName) { return start }
        return folder == LabPaths.folder(named: name) ? "\(start) --name \(name)" : "\(start) --dir \(folder)"
    }
}

/// `baton lab kill`
enum KillFault: LabFault {
    static let name = "kill"
    static let abstract = "End a server's process at once, as a crash would (SIGKILL)."

    static func act(on server: LabServer, in lab: Lab) async throws -> String {
        guard server.process != nil else { return "\(server.name) does not run" }
        try await server.kill()
        return "\(server.name) is gone; bring it back: \(lab.command("start", server))"
    }
}

/// `baton lab stop`
enum StopFault: LabFault {
    static let name = "stop"
    static let abstract = "Shut a server down in order (SIGTERM)."

    static func act(on server: LabServer, in lab: Lab) async throws -> String {
        guard server.process != nil else { return "\(server.name) does not run" }
        try await server.stop()
        return "\(server.name) is down; bring it back: \(lab.command("start", server))"
    }
}

/// `baton lab start`
enum StartFault: LabFault {
    static let name = "start"
    static let abstract = "Start a server that was stopped or killed, and wait until it answers."

    static func act(on server: LabServer, in lab: Lab) async throws -> String {
        guard server.process == nil else { return "\(server.name) runs already" }
        try await server.start()
        return "\(server.name) answers on \(server.address)"
    }
}

/// `baton lab freeze`
enum FreezeFault: LabFault {
    static let name = "freeze"
    static let abstract = "Stop a server's process without ending it (SIGSTOP): connections stay open, nothing answers."

    static func act(on server: LabServer, in lab: Lab) async throws -> String {
        try await server.freeze()
        return "\(server.name) is frozen; let it go on: \(lab.command("thaw", server))"
    }
}

/// `baton lab thaw`
enum ThawFault: LabFault {
    static let name = "thaw"
    static let abstract = "Let a frozen server go on."

    static func act(on server: LabServer, in lab: Lab) async throws -> String {
        try await server.thaw()
        return "\(server.name) goes on"
    }
}

/// `baton lab stop-replica`
enum StopReplicaFault: LabFault {
    static let name = "stop-replica"
    static let abstract = "Stop replication on a server."

    static func act(on server: LabServer, in lab: Lab) async throws -> String {
        try await server.stopReplica()
        return "\(server.name) replicates no more; start again: \(lab.command("start-replica", server))"
    }
}

/// `baton lab start-replica`
enum StartReplicaFault: LabFault {
    static let name = "start-replica"
    static let abstract = "Start replication on a server; what break-replica left there is taken away."

    static func act(on server: LabServer, in lab: Lab) async throws -> String {
        try await server.startReplica()
        return "\(server.name) replicates"
    }
}

/// `baton lab break-replica`
enum BreakReplicaFault: LabFault {
    static let name = "break-replica"
    static let abstract = "Make a replica stop at a real error: a duplicate key."

    static func act(on server: LabServer, in lab: Lab) async throws -> String {
        let error = try await server.breakReplica(in: lab)
        return "\(server.name) stopped: \(error)\nmend it: \(lab.command("start-replica", server))"
    }
}

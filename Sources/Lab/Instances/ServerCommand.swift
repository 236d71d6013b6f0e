import Foundation

/// The command line of one server.
struct ServerCommand {
    let installation: ServerInstallation
    let options: ServerOptions
    /// The data directory.
    let data: String
    let port: UInt16
    let site: LabSite
    let readOnly: Bool
    /// Whether others replicate from it.
    let hasReplicas: Bool
    /// Its place in a ring and the ring's size; `nil` outside of rings.
    let ring: (place: Int, size: Int)?
    /// The MariaDB GTID domain of its own writes: one for each server that is written to on its own.
    let domain: Int

    /// The program and all its arguments.
    var words: [String] {
        let user = geteuid() == 0 ? ["--user=root"] : []
        let family = installation.flavour == .mysql ? mysql : mariadb
        return site.command + installation.command + ["--no-defaults"] + installation.places + user + common + family
            + options.raw.map { "--" + $0 }
    }

    private var common: [String] {
        var words = [
            "--datadir=\(data)", "--bind-address=\(site.host)", "--port=\(port)",
            // Relative to the data directory: the path of a socket may have 107 bytes, folders may be deeper.
            "--socket=server.sock", "--pid-file=server.pid",
            // A port is unique on the machine, and so is a server id made of it.
            "--server-id=\(port)", "--report-host=\(site.host)", "--report-port=\(port)",
            "--relay-log=relay", "--skip-name-resolve", "--max-connections=100",
            // Nothing here has to survive a power cut.
            "--sync-binlog=0", "--innodb-flush-log-at-trx-commit=2",
            "--innodb-buffer-pool-size=8M",
            "--performance-schema=\(options.instrumentation == .on ? "ON" : "OFF")",
            "--read-only=\(readOnly ? "ON" : "OFF")",
        ]
        switch options.binaryLog {
        case nil, .withoutUpdates: words.append("--log-bin=bin")
        case .some(.none): words.append("--skip-log-bin")
        }
        if let format = options.binlogFormat { words.append("--binlog-format=\(format.rawValue.uppercased())") }
        if let ring {
            words += ["--auto-increment-increment=\(ring.size)", "--auto-increment-offset=\(ring.place + 1)"]
        }
        return words
    }

    private var logsUpdates: Bool { options.binaryLog == nil }

    private var mysql: [String] {
        let gtid = options.positioning != .positions
        var words = [
            "--gtid-mode=\(gtid ? "ON" : "OFF")", "--enforce-gtid-consistency=\(gtid ? "ON" : "OFF")",
            "--mysqlx=OFF", "--secure-file-priv=NULL", "--innodb-redo-log-capacity=32M",
            // A machine allows so many asynchronous requests that about 25 servers take them all (fs.aio-max-nr).
            "--innodb-use-native-aio=OFF",
            "--innodb-doublewrite=OFF", "--log-replica-updates=\(logsUpdates ? "ON" : "OFF")",
            "--replica-net-timeout=\(Self.netTimeout)", "--skip-replica-start=OFF",
        ]
        if let workers = options.workers { words.append("--replica-parallel-workers=\(workers)") }
        if options.commitOrder == .free { words.append("--replica-preserve-commit-order=OFF") }
        if let seconds = options.semiSyncTimeout {
            words += ["--plugin-load-add=semisync_source.so", "--plugin-load-add=semisync_replica.so"]
            words += ["--loose-rpl-semi-sync-replica-enabled=ON"]
            // A source without replicas would wait for the timeout at every first write.
            if hasReplicas { words.append("--loose-rpl-semi-sync-source-enabled=ON") }
            words.append("--loose-rpl-semi-sync-source-timeout=\(seconds * 1000)")
        }
        return words
    }

    private var mariadb: [String] {
        var words = [
            "--gtid-domain-id=\(domain)", "--innodb-log-file-size=4M", "--innodb-doublewrite=0",
            "--aria-pagecache-buffer-size=1M", "--log-slave-updates=\(logsUpdates ? "1" : "0")",
            "--slave-net-timeout=\(Self.netTimeout)",
        ]
        if let workers = options.workers { words.append("--slave-parallel-threads=\(workers)") }
        if let seconds = options.semiSyncTimeout {
            words.append("--rpl-semi-sync-slave-enabled=ON")
            if hasReplicas { words.append("--rpl-semi-sync-master-enabled=ON") }
            words.append("--rpl-semi-sync-master-timeout=\(seconds * 1000)")
        }
        return words
    }

    /// After how many seconds of silence a replica gives its connection up; the families' default of 60 makes every
    /// exercise with a frozen source long.
    private static let netTimeout = 4
}

import ArgumentParser

/// `baton lab`: real servers on loopback, to practise on.
struct LabCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lab",
        abstract: "Run real MySQL and MariaDB servers on this machine, and break them on purpose.",
        discussion: """
            A lab is a replication topology of real server processes on 127.0.0.1, all in one folder. Its shape is \
            written like this:

              baton lab up 'mysql: a(b(d e) c)'       b, c replicate from a; d, e from b
              baton lab up 'mariadb: m=n(o)'          co-primaries; o from n
              baton lab up 'mysql[semi-sync]: a(b c[delay=30]); mariadb[positions]: m(n)'

            The whole notation is in docs/lab.md.
            """,
        subcommands: [
            LabUpCommand.self, LabDownCommand.self, LabStatusCommand.self, LabExecCommand.self,
            LabFaultCommand<KillFault>.self, LabFaultCommand<StopFault>.self, LabFaultCommand<StartFault>.self,
            LabFaultCommand<FreezeFault>.self, LabFaultCommand<ThawFault>.self,
            LabFaultCommand<StopReplicaFault>.self, LabFaultCommand<StartReplicaFault>.self,
            LabFaultCommand<BreakReplicaFault>.self,
            LabDelayCommand.self, LabLagCommand.self, LabWorkloadCommand.self,
        ]
    )
}

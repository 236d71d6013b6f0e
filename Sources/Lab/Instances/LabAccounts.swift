/// The accounts that every server of a lab has. They are no secret: a lab listens on loopback, or in networks of its own
/// that do not leave the machine, and its root has no password.
public enum LabAccounts {
    /// What replicas log in with.
    static let replication = Account(user: "replication", password: "baton-lab-replication")
    /// The environment variable in which a lab's configuration looks for the password of ``replication``.
    public static let replicationPasswordVariable = "BATON_LAB_REPLICATION_PASSWORD"
    /// That password.
    public static var replicationPassword: String { replication.password }
    /// What baton logs in with: the least that watching and acting need (`docs/grants.md`).
    static let operating = Account(user: "baton", password: "baton-lab")
    /// What a workload writes with, as users' applications do: whoever may write on a read-only server (on MariaDB all with
    /// `READ_ONLY ADMIN`, root among them) would make a second history on a replica.
    static let application = Account(user: "application", password: "baton-lab-application")

    struct Account: Sendable {
        let user: String
        let password: String
    }

    /// The statements that make the accounts, one a line. They run once, without a binary log, when a template is
    /// made: so no server has a transaction that its source lacks.
    static func statements(for flavour: Shape.Flavour) -> [String] {
        let grants: [String] =
            switch flavour {
            case .mysql:
                [
                    "GRANT PROCESS, REPLICATION CLIENT, REPLICATION SLAVE ON *.* TO 'baton'@'%';",
                    "GRANT SELECT ON performance_schema.* TO 'baton'@'%';",
                    "GRANT REPLICATION_SLAVE_ADMIN, SYSTEM_VARIABLES_ADMIN, BINLOG_ADMIN, CONNECTION_ADMIN, RELOAD "
                        + "ON *.* TO 'baton'@'%';",
                    // The definer of an event is named when it is enabled; the right to do so came with 8.2.
                    "GRANT /*!80200 SET_ANY_DEFINER, */ EVENT ON *.* TO 'baton'@'%';",
                ]
            case .mariadb:
                // The names since 10.5.2; REPLICATION MASTER ADMIN also lets it see the replicas of a source.
                [
                    "GRANT PROCESS, BINLOG MONITOR, SLAVE MONITOR, REPLICATION MASTER ADMIN ON *.* TO 'baton'@'%';",
                    "GRANT REPLICATION SLAVE ADMIN, READ_ONLY ADMIN, BINLOG ADMIN, CONNECTION ADMIN, RELOAD "
                        + "ON *.* TO 'baton'@'%';",
                    "GRANT SET USER, EVENT ON *.* TO 'baton'@'%';",
                ]
            }
        let administrator =
            flavour == .mysql
            ? "CREATE USER 'root'@'127.0.0.1';"
            : "CREATE OR REPLACE USER 'root'@'127.0.0.1';"
        return [
            administrator,
            "GRANT ALL ON *.* TO 'root'@'127.0.0.1' WITH GRANT OPTION;",
            "CREATE USER 'root'@'\(LabSite.networks)';",
            "GRANT ALL ON *.* TO 'root'@'\(LabSite.networks)' WITH GRANT OPTION;",
            "CREATE USER '\(replication.user)'@'%' IDENTIFIED BY '\(replication.password)';",
            "GRANT REPLICATION SLAVE ON *.* TO '\(replication.user)'@'%';",
            "CREATE USER '\(operating.user)'@'%' IDENTIFIED BY '\(operating.password)';",
            "CREATE USER '\(application.user)'@'%' IDENTIFIED BY '\(application.password)';",
            "GRANT SELECT, INSERT, UPDATE, DELETE ON \(LabSchema.name).* TO '\(application.user)'@'%';",
        ] + grants
    }
}

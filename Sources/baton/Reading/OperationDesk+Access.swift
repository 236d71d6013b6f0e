import Engine
import Operations
import Refactoring
import Servers
import Storage

extension OperationDesk {
    /// A desk on real servers, logged in to as the command was told.
    init(_ settings: OperatingSettings, store: Store, book: AccessBook, _ configuration: Configuration) {
        let password = configuration.replicationPassword
        let given = GivenSecrets()
        self.init(settings, store: store, knowsSecret: configuration.knows, givenSecrets: given) {
            LiveServers(options: book.probe, settings: book.settings(for:)) { name in
                given[name] ?? (name == .replication ? password : nil)
            }
        }
    }
}

import Engine
import Operations
import Refactoring
import Servers
import Storage

extension OperationDesk {
    /// A desk on real servers, logged in to as the command was told.
    init(_ settings: OperatingSettings, store: Store, book: AccessBook, _ configuration: Configuration) {
        let password = configuration.replicationPassword
        self.init(settings, store: store, knowsSecret: configuration.knows) {
            LiveServers(options: book.probe, settings: book.settings(for:)) { name in
                name == .replication ? password : nil
            }
        }
    }
}

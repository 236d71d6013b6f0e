import Diagnosis
import Discovery
import Engine
import Servers
import Settings
import Storage
import Topology

/// What baton was told by its configuration file, every value with its default filled in.
struct Configuration: Sendable, Hashable {
    /// The file that was read, `nil` where there is none.
    var file: String?
    /// Servers to start from when a command names none.
    var seeds: [InstanceAddress] = []
    var access = Access()
    /// Access that differs for some servers; the first rule whose pattern is found in the address wins.
    var accessRules: [AccessRule] = []
    var discovery = DiscoverySettings()
    var limits = DiagnosisLimits()
    var probe = ProbeOptions()
    var store = StoreChoice()
    var console = ConsoleChoice()
    var operations = OperationsChoice()

    /// How servers are logged in to, in the words of the mysql client.
    struct Access: Sendable, Hashable {
        var defaultsFile: String?
        var defaultsExtraFile: String?
        var defaultsGroupSuffix: String?
        var user: String?
        /// The environment variable that holds the password. The password itself never stands in the configuration.
        var passwordVariable: String?
        var tlsMode: TLSSettings.Mode?
        var certificateAuthority: String?
        var clientCertificate: String?
        var clientKey: String?
        var connectTimeout: Duration = .seconds(2)
    }

    /// Access for the servers whose address a pattern finds.
    struct AccessRule: Sendable, Hashable {
        var pattern: AddressPattern
        var access: Access
    }

    /// Where the store is and how much history it keeps.
    struct StoreChoice: Sendable, Hashable {
        var path: String?
        var historyAge: Duration = HistoryLimits().age
        /// Bytes.
        var historySize = Int(HistoryLimits().bytes)
        var sampleInterval: Duration = RecordingPolicy().sampling
    }

    /// How the console looks and which keys it has.
    struct ConsoleChoice: Sendable, Hashable {
        var theme = "default"
        var keymap = "default"
        var takesMouse = false
    }

    /// What may be changed, and how long servers are given for it.
    struct OperationsChoice: Sendable, Hashable {
        var isReadOnly = false
        /// The rule on staleness goes by the poll interval, and not by what stands here.
        var settings = OperatingSettings()
        /// The environment variable that holds the password of the account that servers replicate with.
        var replicationPasswordVariable: String?
    }
}

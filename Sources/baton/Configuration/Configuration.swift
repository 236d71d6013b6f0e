import Diagnosis
import Discovery
import Engine
import Hooks
import Recovery
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
    var recovery = RecoveryChoice()
    /// What `[[clusters]]` say, in their order.
    var clusters: [ClusterChoice] = []

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

    /// What keeps automatic recoveries in bounds, and how long what operators say holds.
    struct RecoveryChoice: Sendable, Hashable {
        var grace = AutomaticPolicy.usualGrace
        var blockPeriod = RecoveryBrakes.usualBlockPeriod
        /// orchestrator's `CandidateInstanceExpireMinutes`.
        var promotionRuleExpiry: Duration = .seconds(3600)
        /// What holds for clusters whose entry says nothing else.
        var policy = RecoveryPolicy()
    }

    /// What may be changed, and how long servers are given for it.
    struct OperationsChoice: Sendable, Hashable {
        var isReadOnly = false
        /// The rule on staleness goes by the poll interval, and not by what stands here.
        var settings = OperatingSettings()
        /// The environment variable that holds the password of the account that servers replicate with.
        var replicationPasswordVariable: String?
    }

    /// A cluster with its name, and what baton may do there by itself.
    struct ClusterChoice: Sendable, Hashable {
        var name: String
        var pattern: AddressPattern
        var recovered: [AutomaticPolicy.Subject] = []
        var acceptsSplitBrain = false
        var needsNoMajority = false
        /// What holds here, with the general values where nothing else was said.
        var policy = RecoveryPolicy()
    }

    /// What number of semi-synchronous replicas is right: what is found to be wrong is what is put right.
    var semiSyncCount: FailureLimits.SemiSyncCount {
        get { limits.failures.semiSyncCount }
        set {
            limits.failures.semiSyncCount = newValue
            recovery.policy.candidates.semiSync = newValue
        }
    }

    /// What is asked of recoveries where.
    var recoveryPolicies: RecoveryPolicies {
        RecoveryPolicies(
            clusters.map { ClusterPolicies.Entry(pattern: $0.pattern, policy: $0.policy) }, usual: recovery.policy)
    }

    private func splitBrain(_ cluster: ClusterChoice) -> AutomaticPolicy.SplitBrain {
        if !operations.settings.hooks[.fence].isEmpty { return .fence }
        return cluster.acceptsSplitBrain ? .accept : .refuse
    }

    /// What may be recovered where.
    var automaticPolicies: AutomaticPolicies {
        AutomaticPolicies(
            clusters.map { cluster in
                ClusterPolicies.Entry(
                    pattern: cluster.pattern,
                    policy: AutomaticPolicy(
                        Set(cluster.recovered), grace: recovery.grace,
                        splitBrain: splitBrain(cluster),
                        quorum: cluster.needsNoMajority ? .concerned : .majority))
            }, blockPeriod: recovery.blockPeriod)
    }
}

import Servers
import Topology

/// What discovery keeps of one server besides its facts.
struct WatchedServer {
    /// The name under which the fleet keeps it.
    var address: InstanceAddress
    /// The name under which it is reached.
    let reachedAs: InstanceAddress
    let prober: any Prober
    /// Whether it was asked for by name: such a one is not forgotten for its age.
    var isSeed: Bool
    /// Whether the fleet holds it. A server that is only listed as a replica is not shown before it was asked, because
    /// it may be known under another name.
    var isShown: Bool
    /// Whether a source lists it by the name that it told, so that it is shown though it does not answer. Where its port
    /// is a guess, no answer most likely means a wrong guess.
    var isListed: Bool
    let foundAt: Timestamp
    var lostInARow = 0
    /// When the last probe began that was answered in full.
    var answeredAt: ContinuousClock.Instant?
    var links = CrawlLinks()
    var fingerprint: ServerFingerprint?
    var patterns = ReportedAttributes()
    var record = PollRecord()
}

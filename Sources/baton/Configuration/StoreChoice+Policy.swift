import Storage

extension Configuration.StoreChoice {
    /// How the history is written and how much of it is kept.
    var policy: RecordingPolicy {
        var policy = RecordingPolicy()
        policy.sampling = sampleInterval
        policy.limits.age = historyAge
        policy.limits.bytes = Int64(historySize)
        return policy
    }
}

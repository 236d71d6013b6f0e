extension PollSchedule.Settings {
    init(_ settings: DiscoverySettings) {
        self.init()
        interval = settings.pollInterval
        longestBackoff = settings.longestBackoff
        promptLane = max(1, settings.concurrentProbes)
        failingLane = max(1, settings.concurrentProbes / 4)
    }
}

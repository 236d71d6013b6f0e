import Refactoring

extension [Command] {
    /// Starts a channel with its account said once more: where the password was wrong, the step is carried out again with
    /// another one, and a receiver that was turned away tries on meanwhile.
    static func loggingIn(channel: String, _ account: SourceChange) -> [Command] {
        [
            .stopReplication(channel: channel), .changeSource(channel: channel, account),
            .startReplication(channel: channel),
        ]
    }
}

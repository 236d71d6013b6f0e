import Dispatch
import Foundation

/// The signals by which a user, a closed terminal or a system going down asks a program to end.
enum Interruption {
    /// Waits for the first of them, or for the task to be cancelled.
    static func wait() async {
        let (signals, arrival) = AsyncStream<Void>.makeStream()
        let sources = [SIGINT, SIGTERM, SIGHUP].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number)
            source.setEventHandler { arrival.yield() }
            source.resume()
            return source
        }
        for await _ in signals { break }
        for source in sources { source.cancel() }
    }
}

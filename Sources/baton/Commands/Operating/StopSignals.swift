import Dispatch
import Foundation
import Synchronization

/// The signals that reach a program while it changes servers.
///
/// The first Ctrl-C or SIGTERM stops the operation before its next stage, the second ends the program at once. A lost
/// connection (SIGHUP) stops nothing: the operation goes on to its end without its face.
final class StopSignals: Sendable {
    private let sources: Mutex<[any DispatchSourceSignal]>

    init(_ stop: @escaping @Sendable () -> Void) {
        signal(SIGHUP, SIG_IGN)
        let isStopping = Mutex(false)
        let sources = [SIGINT, SIGTERM].map { number -> any DispatchSourceSignal in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number)
            source.setEventHandler {
                let isSecond = isStopping.withLock { stopping in
                    defer { stopping = true }
                    return stopping
                }
                if isSecond { exit(128 + number) }
                stop()
            }
            source.resume()
            return source
        }
        self.sources = Mutex(sources)
    }

    /// Lets the signals have their usual effect again.
    func end() {
        sources.withLock { sources in
            for source in sources { source.cancel() }
            sources = []
        }
        signal(SIGINT, SIG_DFL)
        signal(SIGTERM, SIG_DFL)
    }
}

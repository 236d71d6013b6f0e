import Synchronization

/// Where everything that happens to the console waits for the one loop that handles it.
///
/// Keys keep their order and none is lost. Of the engine's updates only the newest is kept: a console that is slower
/// than its fleet skips states and never falls behind.
final class Mailbox<Latest: Sendable>: Sendable {
    private struct Contents {
        var events: [ConsoleEvent] = []
        var latest: Latest?
        var ending: ConsoleSession.Ending?
    }

    /// What has arrived since the last look.
    struct Delivery {
        var events: [ConsoleEvent]
        var latest: Latest?
        /// Why nothing more will come; `nil` while more may.
        var ending: ConsoleSession.Ending?
    }

    private let contents = Mutex(Contents())
    private let bell: AsyncStream<Void>.Continuation
    /// Rings once for any number of arrivals since the last look.
    let rings: AsyncStream<Void>

    init() {
        (rings, bell) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    func put(_ event: ConsoleEvent) {
        contents.withLock { $0.events.append(event) }
        bell.yield()
    }

    func put(latest: Latest) {
        contents.withLock { $0.latest = latest }
        bell.yield()
    }

    /// Rings without news: a moment that was waited for has come.
    func wake() {
        bell.yield()
    }

    /// Tells that the session is over; the first reason stands.
    func close(_ ending: ConsoleSession.Ending) {
        contents.withLock { $0.ending = $0.ending ?? ending }
        bell.yield()
    }

    /// Takes all that has arrived.
    func take() -> Delivery {
        contents.withLock { contents in
            let delivery = Delivery(events: contents.events, latest: contents.latest, ending: contents.ending)
            contents.events = []
            contents.latest = nil
            return delivery
        }
    }
}

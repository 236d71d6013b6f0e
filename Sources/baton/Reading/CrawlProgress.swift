import Foundation
import Topology

/// Says on standard error that a crawl is under way, when it takes more than a second and somebody is looking.
struct CrawlProgress {
    private let task: Task<Void, Never>?

    init(_ servers: [InstanceAddress]) {
        guard isatty(STDERR_FILENO) == 1 else {
            task = nil
            return
        }
        let names = servers.map(\.description).joined(separator: ", ")
        task = Task {
            var seconds = 0
            while (try? await Task.sleep(for: .seconds(1))) != nil {
                seconds += 1
                Answer.show("\rcrawling from \(names)… \(seconds) s")
            }
            if seconds > 0 { Answer.show("\r\u{1B}[K") }
        }
    }

    /// Takes the line away again.
    func end() async {
        task?.cancel()
        await task?.value
    }
}

import TestSupport
import Testing
import Topology

@testable import Console

@Suite("How moments are written")
struct ClockWordsTests {
    /// Noon by the operator's clock, which is twelve hours ahead.
    private let model: ConsoleModel = {
        var model = ConsoleScript(.healthy).state.model
        model.clock = ClockWords(offset: 12 * 3600)
        return model
    }()

    @Test(
        "the clock and the age; the date where it is not today",
        arguments: [
            (0, "12:00:00, 0 s ago", "12:00:00"), (-90, "11:58:30, 90 s ago", "11:58:30"),
            (-43_200, "00:00:00, 12 h ago", "00:00:00"),
            (-43_201, "2026-02-28 23:59:59, 12 h ago", "02-28 23:59"),
            (-40_000_000, "2024-11-23 12:53:20, 462 d ago", "2024-11-23"),
            (30, "12:00:30", "12:00:30"), (86_400, "2026-03-02 12:00:00", "03-02 12:00"),
        ])
    func writes(seconds: Int, full: String, brief: String) {
        let moment = Timestamp.testNow + .seconds(seconds)
        #expect(model.when(moment) == full)
        #expect(model.brief(moment) == brief)
    }

    @Test(
        "a sentence that was written for everybody has its moments by the operator's clock",
        arguments: [
            ("blocked until 2026-03-01T00:10:00Z by recovery 6", "blocked until 12:10:00 by recovery 6"),
            ("2026-03-01T00:00:00Z and 2026-02-27T12:00:00.5Z", "12:00:00 and 2026-02-28 00:00:00"),
            ("THE Table T at 12T, Zero", "THE Table T at 12T, Zero"), ("2026-03-01T00:10:0", "2026-03-01T00:10:0"),
            ("", ""),
        ])
    func localizes(sentence: String, words: String) {
        #expect(model.localized(sentence) == words)
    }

    @Test("no page writes a moment in another way", arguments: Picture.all.filter(\.unicode))
    func isLocal(_ picture: Picture) throws {
        let text = try picture.draw()
        #expect(text.firstMatch(of: /[0-9]T[0-9]{2}:[0-9]{2}:[0-9]{2}Z/) == nil)
    }
}

import Foundation
import TerminalKit
import Testing

@testable import Console

/// Pictures of the console as text files. `RECORD_SNAPSHOTS=1` writes them anew: look at the difference before it is
/// committed.
@Suite("Golden pictures")
struct GoldenTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Golden")
    private static let isRecording = ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] == "1"

    @Test("the picture is as it was", arguments: Picture.all)
    func picture(_ picture: Picture) throws {
        let text = try picture.draw() + "\n"
        let file = Self.folder.appendingPathComponent("\(picture).txt")
        if Self.isRecording {
            try text.write(to: file, atomically: true, encoding: .utf8)
            return
        }
        let golden = try #require(
            try? String(contentsOf: file, encoding: .utf8), "\(file.lastPathComponent) is missing; record it")
        #expect(text == golden, "\(picture) is\n\(text)\nbut was\n\(golden)")
    }

    @Test("no picture reaches over the edge or loses a row", arguments: Picture.all)
    func fits(_ picture: Picture) throws {
        let rows = try picture.draw().split(separator: "\n", omittingEmptySubsequences: false)
        #expect(rows.count == picture.height)
        for row in rows { #expect(CellText.width(row) <= picture.width) }
    }

    @Test("an ASCII picture holds nothing but ASCII", arguments: Picture.all.filter { !$0.unicode })
    func ascii(_ picture: Picture) throws {
        #expect(try picture.draw().allSatisfy(\.isASCII))
    }

    @Test("every golden file belongs to a picture")
    func noOrphans() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
        let names = Set(Picture.all.map { "\($0).txt" })
        #expect(files.filter { !names.contains($0) } == [])
    }
}

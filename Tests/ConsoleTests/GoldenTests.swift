import Foundation
import TerminalKit
import TestSupport
import Testing

@testable import Console

/// Pictures of the console as text files. `RECORD_SNAPSHOTS=1` writes them anew: look at the difference before it is
/// committed.
@Suite("Golden pictures")
struct GoldenTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Golden")

    @Test("the picture is as it was", arguments: Picture.all)
    func picture(_ picture: Picture) throws {
        try Golden.check(try picture.draw() + "\n", file: Self.folder.appendingPathComponent("\(picture).txt"))
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

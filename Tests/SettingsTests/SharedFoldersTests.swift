import Foundation
import Testing

@testable import Settings

@Suite("Shared folders")
struct SharedFoldersTests {
    @Test("a user's own come first, then BATON_SHARE, the installation, the source tree")
    func order() {
        let folders = SharedFolders(
            environment: ["XDG_CONFIG_HOME": "/c", "HOME": "/h", "BATON_SHARE": "/s"],
            executable: "/src/.build/x86/debug/baton")
        #expect(folders.folders == ["/c/baton", "/s", "/src/.build/x86/share/baton", "/src"])
    }

    @Test("an installed program looks beside its folder")
    func installed() {
        let folders = SharedFolders(environment: ["HOME": "/h"], executable: "/usr/local/bin/baton")
        #expect(folders.folders == ["/h/.config/baton", "/usr/local/share/baton"])
    }

    @Test("a relative XDG_CONFIG_HOME is ignored")
    func relative() {
        #expect(SharedFolders.userFolder(environment: ["XDG_CONFIG_HOME": "c", "HOME": "/h"]) == "/h/.config/baton")
        #expect(SharedFolders.userFolder(environment: [:]) == nil)
    }

    @Test("the first folder that has a file wins, and all names are known")
    func find() throws {
        let base = FileManager.default.temporaryDirectory.appendingPathComponent("baton-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: base) }
        for (folder, name) in [("a", "mine"), ("b", "mine"), ("b", "other")] {
            let path = base.appendingPathComponent("\(folder)/themes")
            try FileManager.default.createDirectory(at: path, withIntermediateDirectories: true)
            try "".write(to: path.appendingPathComponent("\(name).toml"), atomically: true, encoding: .utf8)
        }
        let folders = SharedFolders([base.path + "/a", base.path + "/b"])
        #expect(folders.find("themes", named: "mine") == base.path + "/a/themes/mine.toml")
        #expect(folders.find("themes", named: "other") == base.path + "/b/themes/other.toml")
        #expect(folders.find("themes", named: "none") == nil)
        #expect(folders.names(of: "themes") == ["mine", "other"])
    }
}

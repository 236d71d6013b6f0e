import ArgumentParser
import Foundation
import Settings
import TerminalKit

/// How the console looks and which keys it has; wins over the configuration file.
struct LookOptions: ParsableArguments {
    @Option(name: .customLong("theme"), help: "The name or the file of a theme.")
    var themeName: String?
    @Option(name: .customLong("keymap"), help: "The name or the file of a keymap.")
    var keymapName: String?
    @Flag(help: "Draw with nothing but ASCII.")
    var ascii = false
    @Option(help: "How many colours to use at most.")
    var colors: ColorDepth?

    @Flag(help: "Let rows be dragged with the mouse.")
    var mouse = false

    func theme(_ configuration: Configuration) -> ThemeLibrary.Loaded {
        ThemeLibrary(Self.folders).load(themeName ?? configuration.console.theme)
    }

    func keymap(_ configuration: Configuration) -> KeymapLibrary.Loaded {
        KeymapLibrary(Self.folders).load(keymapName ?? configuration.console.keymap)
    }

    private static var folders: SharedFolders {
        .ofThisProcess(environment: ProcessInfo.processInfo.environment)
    }
}

extension ColorDepth: ExpressibleByArgument {}

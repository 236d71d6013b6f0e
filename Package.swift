// swift-tools-version:6.2
import PackageDescription

/// Continuous integration refuses warnings; a newer compiler's new warning must not keep a user from building.
let strict: [SwiftSetting] = Context.environment["CI"] == nil ? [] : [.treatAllWarnings(as: .error)]

let settings: [SwiftSetting] =
    [
        .swiftLanguageMode(.v6),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
    ] + strict

let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let collections: Target.Dependency = .product(name: "Collections", package: "swift-collections")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let toml: Target.Dependency = .product(name: "TOMLKit", package: "TOMLKit")
let systemPackage: Target.Dependency = .product(name: "SystemPackage", package: "swift-system")
let subprocess: Target.Dependency = .product(name: "Subprocess", package: "swift-subprocess")

/// The pure decisions, the executor and the simulation are run through millions of times by tests: optimised in debug
/// builds too, they take a third of the time, and building takes no longer. Assertions and the checks of the standard
/// library stay, and so does `@testable`. A debugger sees less of them: take the flag out while you step through one.
let optimised: [SwiftSetting] = [.unsafeFlags(["-O", "-assert-config", "Debug"], .when(configuration: .debug))]

func pure(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings + optimised)
}

func library(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: settings)
}

let package = Package(
    name: "baton",
    products: [
        .executable(name: "baton", targets: ["baton"])
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", exact: "1.6.0"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/LebJe/TOMLKit", exact: "0.6.0"),
        .package(url: "https://github.com/apple/swift-system", exact: "1.8.1"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", exact: "1.0.2"),
    ],
    targets: [
        // C borders: as thin as they can be.
        .systemLibrary(
            name: "CNCurses",
            // No pkgConfig: the flags in Debian's ncursesw.pc are ones SwiftPM refuses with a warning at every build,
            // and the module map names the library.
            providers: [.apt(["libncurses-dev"])]
        ),
        .systemLibrary(
            name: "CMySQL",
            pkgConfig: "mysqlclient",
            providers: [.apt(["default-libmysqlclient-dev"])]
        ),
        .systemLibrary(name: "CLinux"),
        .target(name: "CTerminal"),
        .target(name: "CSpawn"),
        .target(
            name: "CTrustStore",
            // Its function is found by the client library only where the program offers it to libraries.
            linkerSettings: [
                .unsafeFlags(["-Xlinker", "--export-dynamic-symbol=SSL_CTX_set_default_verify_paths"])
            ]
        ),

        // The vocabulary and the pure decisions.
        pure("Topology", [collections]),
        pure("Diagnosis", ["Topology"]),
        pure("Refactoring", ["Topology"]),
        pure("Recovery", ["Topology", "Diagnosis", "Refactoring"]),

        // Effects.
        library("Settings", [toml]),
        library("Servers", ["Topology", "CLinux", "CMySQL", "CTrustStore", collections, logging]),
        library("Discovery", ["Topology", "Servers", collections, logging]),
        library("Storage", ["Topology", "Diagnosis", "Recovery", "Settings", grdb, logging]),
        pure("Operations", ["Recovery", "Refactoring", "Servers", "Storage", "Topology"]),
        library("Hooks", ["Topology", subprocess, systemPackage]),
        library(
            "Engine",
            [
                "Diagnosis", "Discovery", "Hooks", "Operations", "Recovery", "Refactoring", "Servers", "Storage",
                "Topology",
                collections, logging,
            ]),
        pure("Simulation", ["Topology", "Servers"]),
        library("Lab", ["Topology", "Servers", "CSpawn", subprocess, systemPackage, logging]),

        // Faces.
        library("TerminalKit", ["Settings"]),
        library("Curses", ["Settings", "TerminalKit", "CNCurses", "CTerminal"]),
        library(
            "Console",
            [
                "Engine", "Discovery", "Hooks", "Operations", "Recovery", "Refactoring", "Storage", "Settings",
                "Topology", "Diagnosis", "TerminalKit", logging,
            ]),
        .executableTarget(
            name: "baton",
            dependencies: [
                "Console", "Curses", "Diagnosis", "Discovery", "Engine", "Hooks", "Lab", "Operations", "Recovery",
                "Refactoring",
                "Servers", "Settings", "Storage", "TerminalKit", "Topology", argumentParser, collections, logging,
            ],
            swiftSettings: settings
        ),

        // Figures.
        .executableTarget(
            name: "baton-bench",
            dependencies: [
                "Diagnosis", "Discovery", "Engine", "Hooks", "Lab", "Operations", "Recovery", "Refactoring",
                "Servers", "Storage", "TestSupport", "Topology",
                argumentParser,
            ],
            path: "Benchmarks",
            swiftSettings: settings
        ),

        // Tests.
        library("TestSupport", ["Lab", "Topology", "Servers", "Settings", "TerminalKit", subprocess]),
        tests("DiscoveryTests", ["Discovery", "Servers", "Topology", "TestSupport"]),
        tests(
            "EngineTests",
            [
                "Recovery", "Engine", "Diagnosis", "Discovery", "Hooks", "Lab", "Operations", "Refactoring", "Servers",
                "Storage",
                "Topology",
                "TestSupport", logging,
            ]),
        .executableTarget(
            name: "curses-probe", dependencies: ["Curses", "TerminalKit"], path: "Tests/CursesProbe",
            swiftSettings: settings),
        tests("SettingsTests", ["Settings", "TestSupport"]),
        tests("TerminalKitTests", ["TerminalKit", "Settings", "TestSupport"]),
        tests("CursesTests", ["Curses", "TerminalKit", "TestSupport", "CNCurses", "curses-probe"]),
        tests(
            "ConsoleTests",
            [
                "Recovery", "Console", "Engine", "Discovery", "Hooks", "Operations", "Refactoring", "Storage",
                "Topology", "Diagnosis", "TerminalKit", "TestSupport",
            ], exclude: ["Golden"]),
        tests("ConsoleSessionTests", ["Lab", "Servers", "TerminalKit", "TestSupport", "baton"]),
        tests("TopologyTests", ["Topology", "TestSupport"]),
        tests("SimulationTests", ["Simulation", "Refactoring", "Lab", "Servers", "Topology", "TestSupport"]),
        tests("RefactoringTests", ["Refactoring", "Topology", "TestSupport"], exclude: ["Golden"]),
        tests(
            "OperationsTests",
            ["Recovery", "Operations", "Lab", "Refactoring", "Servers", "Storage", "Topology", "TestSupport"]),
        tests(
            "PlanPropertyTests",
            ["Recovery", "Operations", "Refactoring", "Servers", "Simulation", "Storage", "Topology", "TestSupport"]),
        tests("DiagnosisTests", ["Diagnosis", "Topology", "TestSupport"]),
        tests(
            "RecoveryTests", ["Recovery", "Diagnosis", "Refactoring", "Topology", "TestSupport"], exclude: ["Golden"]),
        tests("ServersTests", ["Servers", "Lab", "Topology", "TestSupport", "CTrustStore"]),
        tests("LabTests", ["Lab", "Topology", "Servers", "TestSupport", subprocess, systemPackage]),
        tests(
            "ScenarioTests",
            [
                "Recovery", "Engine", "Diagnosis", "Discovery", "Lab", "Operations", "Refactoring", "Servers",
                "Storage",
                "Topology",
                "TestSupport",
            ]),
        .executableTarget(
            name: "store-writer", dependencies: ["Recovery", "Storage", "Topology"], path: "Tests/StoreWriter",
            swiftSettings: settings),
        tests(
            "BatonTests",
            [
                "Recovery", "baton", "Console", "Diagnosis", "Discovery", "Engine", "Operations", "Refactoring",
                "Servers", "Settings", "Storage", "Topology", "TestSupport", argumentParser,
            ], exclude: ["Golden"]),
        tests(
            "CommandLineTests",
            [
                "baton", "Lab", "Recovery", "Servers", "Storage", "TerminalKit", "Topology", "TestSupport", subprocess,
                systemPackage,
            ],
            exclude: ["Golden"]),
        tests("HooksTests", ["Hooks", "Topology", "TestSupport"]),
        tests("StorageTests", ["Recovery", "Storage", "Topology", "TestSupport", "store-writer", grdb]),
    ]
)

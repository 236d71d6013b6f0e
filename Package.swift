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
        library("Topology", [collections]),
        library("Diagnosis", ["Topology"]),
        library("Refactoring", ["Topology"]),

        // Effects.
        library("Settings", [toml]),
        library("Servers", ["Topology", "CLinux", "CMySQL", "CTrustStore", collections, logging]),
        library("Discovery", ["Topology", "Servers", collections, logging]),
        library("Storage", ["Topology", "Diagnosis", "Settings", grdb, logging]),
        library("Operations", ["Refactoring", "Servers", "Storage", "Topology"]),
        library(
            "Engine",
            [
                "Topology", "Diagnosis", "Servers", "Discovery", "Storage", "Refactoring", "Operations", collections,
                logging,
            ]),
        library("Simulation", ["Topology", "Servers"]),
        library("Lab", ["Topology", "Servers", "CSpawn", subprocess, systemPackage, logging]),

        // Faces.
        library("TerminalKit", ["Settings"]),
        library("Curses", ["Settings", "TerminalKit", "CNCurses", "CTerminal"]),
        library(
            "Console",
            [
                "Engine", "Discovery", "Operations", "Refactoring", "Storage", "Settings", "Topology", "Diagnosis",
                "TerminalKit", logging,
            ]),
        .executableTarget(
            name: "baton",
            dependencies: [
                "Console", "Curses", "Diagnosis", "Discovery", "Engine", "Lab", "Operations", "Refactoring", "Servers",
                "Settings", "Storage", "TerminalKit", "Topology", argumentParser, collections, logging,
            ],
            swiftSettings: settings
        ),

        // Figures.
        .executableTarget(
            name: "baton-bench",
            dependencies: [
                "Diagnosis", "Discovery", "Engine", "Lab", "Operations", "Refactoring", "Servers", "Storage",
                "TestSupport", "Topology",
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
                "Engine", "Diagnosis", "Discovery", "Lab", "Operations", "Refactoring", "Servers", "Storage",
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
                "Console", "Engine", "Discovery", "Operations", "Refactoring", "Storage", "Topology", "Diagnosis",
                "TerminalKit", "TestSupport",
            ], exclude: ["Golden"]),
        tests("ConsoleSessionTests", ["Lab", "Servers", "TerminalKit", "TestSupport", "baton"]),
        tests("TopologyTests", ["Topology", "TestSupport"]),
        tests("SimulationTests", ["Simulation", "Refactoring", "Lab", "Servers", "Topology", "TestSupport"]),
        tests("RefactoringTests", ["Refactoring", "Topology", "TestSupport"], exclude: ["Golden"]),
        tests(
            "OperationsTests",
            ["Operations", "Lab", "Refactoring", "Servers", "Storage", "Topology", "TestSupport"]),
        tests(
            "PlanPropertyTests",
            ["Operations", "Refactoring", "Servers", "Simulation", "Storage", "Topology", "TestSupport"]),
        tests("DiagnosisTests", ["Diagnosis", "Topology", "TestSupport"]),
        tests("ServersTests", ["Servers", "Lab", "Topology", "TestSupport", "CTrustStore"]),
        tests("LabTests", ["Lab", "Topology", "Servers", "TestSupport", subprocess, systemPackage]),
        tests(
            "ScenarioTests",
            [
                "Engine", "Diagnosis", "Discovery", "Lab", "Operations", "Refactoring", "Servers", "Storage",
                "Topology",
                "TestSupport",
            ]),
        .executableTarget(
            name: "store-writer", dependencies: ["Storage", "Topology"], path: "Tests/StoreWriter",
            swiftSettings: settings),
        tests(
            "BatonTests",
            [
                "baton", "Console", "Diagnosis", "Discovery", "Engine", "Operations", "Refactoring", "Servers",
                "Settings", "Topology", "TestSupport", argumentParser,
            ]),
        tests(
            "CommandLineTests",
            [
                "baton", "Lab", "Servers", "Storage", "TerminalKit", "Topology", "TestSupport", subprocess,
                systemPackage,
            ],
            exclude: ["Golden"]),
        tests("StorageTests", ["Storage", "Topology", "TestSupport", "store-writer", grdb]),
    ]
)

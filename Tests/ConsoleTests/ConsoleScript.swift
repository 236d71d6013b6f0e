import Diagnosis
import Discovery
import Engine
import TerminalKit
import TestSupport
import Topology

@testable import Console

/// A console under test: keys in, state and pictures out.
struct ConsoleScript {
    var state: ConsoleState
    private(set) var effects: [ConsoleEffect] = []

    /// A console of that size that already knows a fleet.
    init(_ fleet: Fleet? = nil, width: Int = 80, height: Int = 24, origin: FleetOrigin = .live) {
        state = ConsoleState(size: GridSize(width: width, height: height), keymap: KeymapLibrary.builtIn)
        pass(.testNow)
        if let fleet { show(fleet, origin: origin) }
    }

    mutating func pass(_ time: Timestamp) {
        effects = state.reduce(.time(time, ClockWords(offset: 12 * 3600)))
    }

    mutating func show(_ fleet: Fleet, origin: FleetOrigin = .live) {
        var statistics = DiscoveryStatistics(pollInterval: .seconds(1))
        statistics.servers = fleet.count
        effects = state.reduce(
            .update(EngineUpdate(diagnosis: Diagnosis(of: fleet), origin: origin, statistics: statistics)))
    }

    /// Presses keys in the notation of keymap files, one after the other.
    mutating func press(_ keys: String...) throws {
        effects = []
        for key in keys { effects += state.reduce(.key(try Key(key))) }
    }

    mutating func type(_ text: String) {
        effects = []
        for character in text { effects += state.reduce(.key(.character(character))) }
    }

    /// Types a line after `:` and presses Enter.
    mutating func run(_ line: String) throws {
        type(":" + line)
        try press("enter")
    }

    mutating func paste(_ text: String) {
        effects = state.reduce(.paste(text))
    }

    mutating func resize(width: Int, height: Int) {
        effects = state.reduce(.resized(GridSize(width: width, height: height)))
    }

    /// The picture as text.
    func text(unicode: Bool = true) -> String {
        let palette = ThemeLibrary.builtIn.palette(depth: .sixteen, unicode: unicode)
        return state.frame(palette).grid.plainText
    }

    /// The line of the picture that contains a text.
    func line(containing text: String) -> String? {
        self.text().split(separator: "\n").first { $0.contains(text) }.map(String.init)
    }

    var selected: InstanceAddress? { state.tree.selected }

    /// The instances of the rows that the tree shows, titles of clusters left out.
    var shown: [InstanceAddress] { state.tree.shownIDs.compactMap(\.address) }
}

extension Fleet {
    /// A three-level tree where one replica lags, one is broken and one does not answer.
    static var troubled: Fleet {
        Fleet([
            .source("db1.ams", executed: "3e11fa47-71ca-11e1-9e33-c80aa9429562:1-88213"),
            .replica("db2.ams", of: "db1.ams"),
            .replica("db3.ams", of: "db1.ams", lag: .seconds(42)),
            .replica("db4.fra", of: "db2.ams").withChannel { channel in
                channel.applier = .stopped
                channel.applierError = ReplicationError(
                    code: 1062,
                    message: "Could not execute Write_rows event on table shop.orders; Duplicate entry '4711' for key "
                        + "'orders.PRIMARY', Error_code: 1062; handler error HA_ERR_FOUND_DUPP_KEY")
            },
            .replica("db5.fra", of: "db2.ams").unreachable(),
        ])
    }

    /// Three healthy servers of one cluster.
    static var healthy: Fleet {
        Fleet([.source("db1"), .replica("db2", of: "db1"), .replica("db3", of: "db2")])
    }

    /// Two clusters.
    static var twoClusters: Fleet {
        Fleet([
            .source("db1"), .replica("db2", of: "db1"), .replica("db3", of: "db2"),
            .source("web1"), .replica("web2", of: "web1", lag: .seconds(90)),
        ])
    }
}

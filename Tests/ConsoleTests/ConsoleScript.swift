import Diagnosis
import Discovery
import Engine
import Operations
import Recovery
import Refactoring
import TerminalKit
import TestSupport
import Topology

@testable import Console

/// A console under test: keys in, state and pictures out.
struct ConsoleScript {
    var state: ConsoleState
    private(set) var effects: [ConsoleEffect] = []

    /// What effects ask of: the fleet that was shown last.
    private(set) var fleet = Fleet()
    /// What operators and recoveries say about servers.
    var marks = OperatorMarks()
    /// What the rules are told besides the fleet.
    var holds = Holds()
    /// What runs around plans of recovery.
    var hooks: [PlannedHooks] = []
    /// Whether looks and plans are answered at once, as a backend would in time.
    var answersItself = true

    /// A console of that size that already knows a fleet.
    init(
        _ fleet: Fleet? = nil, width: Int = 80, height: Int = 24, origin: FleetOrigin = .live,
        authority: ConsoleAuthority = ConsoleAuthority(), isMouseOn: Bool = false
    ) {
        state = ConsoleState(
            size: GridSize(width: width, height: height), keymap: KeymapLibrary.builtIn, authority: authority,
            isMouseOn: isMouseOn)
        pass(.testNow)
        if let fleet { show(fleet, origin: origin) }
    }

    mutating func pass(_ time: Timestamp) {
        effects = state.reduce(.time(time, ClockWords(offset: 12 * 3600)))
    }

    mutating func show(_ fleet: Fleet, origin: FleetOrigin = .live) {
        self.fleet = fleet
        var statistics = DiscoveryStatistics(pollInterval: .seconds(1))
        statistics.servers = fleet.count
        let diagnosis = Diagnosis(of: fleet).marked(by: marks, at: state.model.wallTime)
        happen(.update(EngineUpdate(diagnosis: diagnosis, origin: origin, statistics: statistics, marks: marks)))
    }

    /// Lets a failover have given db1 up for db2: so say its record, and the mark that it left.
    mutating func recoverFirst() {
        marks = .afterFailover
        happen(.recoveries(.read(.afterFailover)))
        show(fleet)
    }

    /// Lets something happen, and answers looks and plans.
    mutating func happen(_ event: ConsoleEvent) {
        effects = []
        add(state.reduce(event))
    }

    private mutating func add(_ new: [ConsoleEffect]) {
        effects += new
        guard answersItself else { return }
        for effect in new {
            switch effect {
            case .look(let carry):
                add(state.reduce(.judged(Judgement(carry, scene, planner: MovePlanner()))))
            case .plan(let request):
                add(state.reduce(.planned(request.number, request.subjects.map { sheet($0, request.depth) })))
            case .checkReadiness:
                let found = scene.forest.clusters.filter { $0.members.count > 1 }
                    .map { Readiness(of: $0, in: scene) }
                add(state.reduce(.readiness(found)))
            default: break
            }
        }
    }

    var scene: RuleScene { RuleScene(fleet, now: state.model.wallTime, holds: holds, marks: marks) }

    private func sheet(
        _ subject: PlanSubject, _ depth: PlanRequest.Depth, planner: MovePlanner = MovePlanner()
    ) -> PlanSheet {
        switch subject {
        case .waiting(let subject, let limit):
            return sheet(subject, depth, planner: MovePlanner(limits: PlanLimits(catchUp: limit)))
        case .wish(let wish):
            var sheet = PlanSheet(planner.plan(wish, in: scene), in: scene, depth: depth)
            sheet.ranking = planner.ranking(for: wish, in: scene)
            if sheet.answer.plan?.succession != nil { sheet.hooks = hooks }
            return sheet
        case .limited(let wish, let methods):
            return PlanSheet(planner.limited(to: methods).plan(wish, in: scene), in: scene, depth: depth)
        case .moves(let moves):
            let answer = planner.plan(moves, intent: PlanSubject.intent(of: moves), in: scene)
            return PlanSheet(answer, in: scene, depth: depth)
        case .undo(let id), .rollBack(let id), .resume(let id):
            guard let plan = state.model.operations.read[id]?.plan else {
                return PlanSheet(refused: "there is no operation \(id)", help: "choose another")
            }
            let answer =
                if case .resume = subject { PlanAnswer.plan(plan, .allowed) } else { planner.undo(plan, in: scene) }
            return PlanSheet(answer, in: scene, depth: depth)
        }
    }

    /// Presses keys in the notation of keymap files, one after the other.
    mutating func press(_ keys: String...) throws {
        effects = []
        for key in keys { add(state.reduce(.key(try Key(key)))) }
    }

    mutating func type(_ text: String) {
        effects = []
        for character in text { add(state.reduce(.key(.character(character)))) }
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

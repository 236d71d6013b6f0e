import TerminalKit
import Topology

extension ConsoleState {
    /// Runs a line typed after `:`.
    mutating func run(line: String) -> [ConsoleEffect] {
        do throws(CommandMistake) {
            return run(try ConsoleCommand(line: line))
        } catch {
            notice = Notice(.refused, error.sentence)
            return []
        }
    }

    private mutating func run(_ command: ConsoleCommand) -> [ConsoleEffect] {
        switch command {
        case .quit: return [.quit]
        case .help: open(HelpScreen(about: screen.contexts))
        case .clusters: open(ClustersScreen(model, selected: tree.selectedCluster(model)?.id))
        case .problems: open(ProblemsScreen(model))
        case .events: return openEvents()
        case .refresh: return refreshAll()
        case .topology(let name): showTopology(named: name)
        case .instance(let address): show(address)
        case .filter(let text):
            if screen.filter == nil { pages = [] }
            withScreen { screen, model in screen.setFilter(text, model) }
        case .discover(let address): return ifLive([.discover(address)])
        case .forget(let address): return ask(toForget: address)
        case .save(let path): return [.save(path: path)]
        }
        return []
    }

    private mutating func showTopology(named name: String?) {
        guard let name else {
            pages = []
            tree.showCluster(of: nil, model)
            return
        }
        let clusters = model.known.clusters
        let member = (try? InstanceAddress(parsing: name)).flatMap { model.known.cluster(of: $0) }
        let found = clusters.first { $0.name == name } ?? member ?? clusters.first { $0.name.hasPrefix(name) }
        guard let found else {
            notice = Notice(.refused, "there is no cluster \(name.sanitized)")
            return
        }
        pages = []
        tree.showCluster(of: found.id, model)
    }

    private mutating func ask(toForget address: InstanceAddress) -> [ConsoleEffect] {
        guard ifLive([.refreshAll]).isEmpty == false else { return [] }
        guard model.known.fleet[address] != nil else {
            notice = Notice(.refused, "\(address) is not known here")
            return []
        }
        let name = model.known.fleet.canonical(address)
        prompt = .question(
            Prompt.Question(
                title: "Forget \(name)?",
                consequence: "It is not asked any more and leaves the tree. The server itself is not touched. "
                    + "It comes back with :discover \(name).",
                verb: "forget it", effect: .forget(name)))
        reader.reset()
        return [.discardTypeAhead]
    }

    /// The effects where servers are watched; a refusal where a picture of the past is shown.
    private mutating func ifLive(_ effects: [ConsoleEffect]) -> [ConsoleEffect] {
        guard model.known.isLive else {
            notice = Notice(.refused, "no server is watched here: this is \(model.known.originWords)")
            return []
        }
        return effects
    }
}

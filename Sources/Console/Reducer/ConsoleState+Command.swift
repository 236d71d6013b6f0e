import Refactoring
import Storage
import TerminalKit
import Topology

extension ConsoleState {
    /// Runs a line typed after `:`.
    mutating func run(line: String) -> [ConsoleEffect] {
        do throws(CommandMistake) {
            return try run(try ConsoleCommand(line: line))
        } catch {
            notice = Notice(.refused, error.sentence)
            return []
        }
    }

    private mutating func run(_ command: ConsoleCommand) throws(CommandMistake) -> [ConsoleEffect] {
        switch command {
        case .quit: return quit()
        case .operations: return openOperations()
        case .decide(let choice, let id, let deciding):
            switch choice {
            case .undo: return openPlan(.undo(id), deciding)
            case .resume: return openPlan(.resume(id), deciding)
            case .rollBack: return openPlan(.rollBack(id), deciding)
            case .leave:
                if let refusal = model.refusalToAct(on: []) { throw CommandMistake(sentence: refusal) }
                return ask(.leaving(id))
            }
        case .undo(let id, let deciding):
            if let id { return openPlan(.undo(id), deciding) }
            return planUndo(deciding)
        case .wish(let word, let texts):
            guard let form = WishForm.all.first(where: { $0.word == word }) else { return [] }
            let asked = try form.asked(texts, model)
            return openPlan(asked.subject, reason: asked.reason)
        case .showOperation(let id):
            if let live = model.operations.live(numbered: id) {
                open(OperationScreen(.live(live.id)))
                return []
            }
            guard id > 0, let newest = model.operations.records.first?.id, id <= newest else {
                throw CommandMistake(sentence: "there is no operation \(id); :operations lists them")
            }
            open(OperationScreen(.journal(id)))
            return [.readOperation(id)]
        case .assistant(let page, let name): return try openAssistant(page, about: name)
        case .recover(let texts): return try openAssistant(typed: texts)
        case .recoveries: return openRecoveries()
        case .readiness: return openReadiness()
        case .password: return askPassword()
        case .acknowledge(let id, let reason):
            if let objection = model.authority.objection { throw CommandMistake(sentence: objection) }
            return [.acknowledge(id, reason: reason)]
        case .why(let names): return try askWhy(names)
        case .help: open(HelpScreen(about: screen.contexts))
        case .clusters: open(ClustersScreen(model, selected: tree.selectedCluster(model)?.id))
        case .problems: open(ProblemsScreen(model))
        case .events: return openEvents()
        case .messages: open(MessagesScreen())
        case .refresh: return refreshAll()
        case .topology(let name):
            let cluster = try name.map { name throws(CommandMistake) in try model.cluster(named: name).id }
            pages = []
            tree.showCluster(of: cluster, model)
        case .instance(let name): show(try model.server(named: name))
        case .filter(let text):
            if screen.filter == nil { pages = [] }
            withScreen { screen, model in screen.setFilter(text, model) }
        case .discover(let name): return ifLive([.discover(try address(named: name))])
        case .forget(let name): return ask(toForget: try model.server(named: name))
        case .mark(let words):
            let named = try words.server.map { name throws(CommandMistake) in try address(named: name) }
            guard let server = named ?? tree.selected else {
                throw CommandMistake(sentence: "there is no server under the cursor; name it")
            }
            return ifLive([.mark(model.known.fleet.canonical(server), words)])
        case .save(let path): return [.save(path: path)]
        }
        return []
    }

    /// Opens the page of what the rules say: of what is carried, or of one replica, under a server.
    private mutating func askWhy(_ names: [String]) throws(CommandMistake) -> [ConsoleEffect] {
        if tree.carry != nil {
            guard names.count < 2 else {
                throw CommandMistake(sentence: "while something is carried, why takes the target alone")
            }
            let named = try names.first.map { name throws(CommandMistake) in try model.server(named: name) }
            guard let place = named ?? tree.selected, let judgement = tree.judgement else {
                throw CommandMistake(sentence: "the places are still being judged")
            }
            open(ReasonsScreen(judgement: judgement, place: place))
            return []
        }
        guard let last = names.last, names.count < 3 else {
            throw CommandMistake(sentence: "why takes REPLICA TARGET, or the TARGET of the replica under the cursor")
        }
        let target = try model.server(named: last)
        let replica: ReplicaChannel
        if names.count == 2 {
            replica = ReplicaChannel(try model.server(named: names[0]))
        } else if let selected = tree.selectedReplica(model) {
            replica = selected
        } else {
            throw CommandMistake(sentence: "there is no replica under the cursor; name it: :why REPLICA TARGET")
        }
        let carry = Carry(.one, [replica], home: .instance(replica.instance, under: nil))
        askedWhy = (carry, target)
        return [.look(carry)]
    }

    /// A server that need not be known yet.
    private func address(named name: String) throws(CommandMistake) -> InstanceAddress {
        if let known = try model.knownServer(name) { return known }
        do throws(InstanceAddress.ParsingError) {
            return try InstanceAddress(parsing: name)
        } catch {
            throw CommandMistake(sentence: error.description)
        }
    }

    private mutating func ask(toForget address: InstanceAddress) -> [ConsoleEffect] {
        guard ifLive([.refreshAll]).isEmpty == false else { return [] }
        guard model.known.fleet[address] != nil else {
            notice = Notice(.refused, "\(address) is not known here")
            return []
        }
        let name = model.known.fleet.canonical(address)
        // Whoever named it by its alias is shown which server that is, and the other way round.
        let alias = model.known.fleet[name]?.alias.map { " (\($0.sanitized))" } ?? ""
        prompt = .question(
            Prompt.Question(
                title: "Forget \(name)\(alias)?",
                consequence: "It is not asked any more and leaves the tree. The server itself is not touched. "
                    + "It comes back with :discover \(name).",
                verb: "forget it", .effects([.forget(name)])))
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

import Topology

extension Expectation {
    /// In words, for plans that people read.
    public var words: String {
        switch self {
        case .follows(let source, let channel): "follows \(source)\(Self.on(channel))"
        case .followsNobody(let channel): "follows nobody\(Self.on(channel))"
        case .replicates(let channel): "replicates\(Self.on(channel))"
        case .stopped(.both, let channel): "has both threads stopped\(Self.on(channel))"
        case .stopped(.receiver, let channel): "has its receiver stopped\(Self.on(channel))"
        case .stopped(.applier, let channel): "has its applier stopped\(Self.on(channel))"
        case .executed(let position, let channel): "has executed exactly to \(position.words)\(Self.on(channel))"
        case .hasExecuted(let gtids): "has executed \(gtids.words)"
        case .hasReached(let position): "has reached \(position.words)"
        case .positions(let positioning, let channel): "finds its place by \(positioning.rawValue)\(Self.on(channel))"
        case .writability(let writability): "is \(writability.rawValue)"
        case .delay(let delay, let channel): "stays \(delay.components.seconds) s behind\(Self.on(channel))"
        case .identity(let serverID, let uuid):
            "is the server \(serverID)\(uuid.map { " (\($0))" } ?? "")"
        case .semiSync(let variable, let state): "has \(variable.rawValue) = \(state.rawValue)"
        }
    }

    private static func on(_ channel: String) -> String { channel.isEmpty ? "" : " on channel \(channel)" }
}

extension Late where Value: CustomStringConvertible {
    /// The value, or what has to be read first.
    fileprivate var words: String {
        switch self {
        case .known(let value): value.description
        case .observed(let observation): observation.description
        }
    }
}

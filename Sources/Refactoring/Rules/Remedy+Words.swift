extension Remedy {
    /// The remedy in a line, without a full stop.
    public var words: String {
        switch self {
        case .statement(let text, let server): "on \(server): \(text);"
        case .optionFile(let line, let server): "in the option file of \(server): \(line)"
        case .target(let address, let why): "choose \(address), \(why)"
        case .command(let command): command
        case .advice(let sentence): sentence
        }
    }
}

/// Reads the writes of a workload: definitions of schemas and tables, and changes of single rows by primary key.
///
/// ```sql
/// CREATE TABLE s.t (id BIGINT PRIMARY KEY, v VARCHAR(40))
/// INSERT INTO s.t VALUES (7, 'seven')
/// UPDATE s.t SET v = 'other' WHERE id = 7
/// DELETE FROM s.t WHERE id = 7
/// ```
struct WriteParser {
    func parse(_ tokens: inout SQLTokens) throws(SimulatedRefusal) -> SimulatedStatement {
        if tokens.take("CREATE") { return try create(&tokens) }
        if tokens.take("DROP") { return try drop(&tokens) }
        if tokens.take("INSERT", "INTO") { return try insert(&tokens) }
        if tokens.take("UPDATE") { return try update(&tokens) }
        if tokens.take("DELETE", "FROM") { return try delete(&tokens) }
        throw tokens.refusal
    }

    private func name(_ tokens: inout SQLTokens) throws(SimulatedRefusal) -> String {
        guard let word = tokens.takeWord() else { throw tokens.refusal }
        return word
    }

    private func create(_ tokens: inout SQLTokens) throws(SimulatedRefusal) -> SimulatedStatement {
        if tokens.take("DATABASE") || tokens.take("SCHEMA") {
            let ifMissing = tokens.take("IF", "NOT", "EXISTS")
            return .write([.createSchema(try name(&tokens), ifMissing: ifMissing)])
        }
        try tokens.expect("TABLE")
        let ifMissing = tokens.take("IF", "NOT", "EXISTS")
        let table = try name(&tokens)
        // Whatever columns it has: the first is the key, the second the value.
        while tokens.takeAny() != nil {}
        return .write([.createTable(table, ifMissing: ifMissing)])
    }

    private func drop(_ tokens: inout SQLTokens) throws(SimulatedRefusal) -> SimulatedStatement {
        let isSchema = tokens.take("DATABASE") || tokens.take("SCHEMA")
        if !isSchema { try tokens.expect("TABLE") }
        let ifThere = tokens.take("IF", "EXISTS")
        let name = try name(&tokens)
        return .write([isSchema ? .dropSchema(name, ifThere: ifThere) : .dropTable(name, ifThere: ifThere)])
    }

    private func insert(_ tokens: inout SQLTokens) throws(SimulatedRefusal) -> SimulatedStatement {
        let table = try name(&tokens)
        try tokens.expect("VALUES")
        try tokens.expect(sign: "(")
        let key = try key(&tokens)
        let value = tokens.take(sign: ",") ? tokens.takeAny() ?? "" : ""
        try tokens.expect(sign: ")")
        return .write([.insert(table: table, key: key, value: value)])
    }

    private func update(_ tokens: inout SQLTokens) throws(SimulatedRefusal) -> SimulatedStatement {
        let table = try name(&tokens)
        try tokens.expect("SET")
        _ = try name(&tokens)
        try tokens.expect(sign: "=")
        guard let value = tokens.takeAny() else { throw tokens.refusal }
        let key = try keyOfCondition(&tokens)
        return .write([.update(table: table, key: key, value: value)])
    }

    private func delete(_ tokens: inout SQLTokens) throws(SimulatedRefusal) -> SimulatedStatement {
        let table = try name(&tokens)
        return .write([.delete(table: table, key: try keyOfCondition(&tokens))])
    }

    private func keyOfCondition(_ tokens: inout SQLTokens) throws(SimulatedRefusal) -> Int64 {
        try tokens.expect("WHERE")
        _ = try name(&tokens)
        try tokens.expect(sign: "=")
        return try key(&tokens)
    }

    private func key(_ tokens: inout SQLTokens) throws(SimulatedRefusal) -> Int64 {
        guard let key = tokens.takeNumber().flatMap(Int64.init) else { throw tokens.refusal }
        return key
    }
}

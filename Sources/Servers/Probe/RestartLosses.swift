import Topology

/// Which settings a restart would lose: those whose value was set while the server ran (``Dialect/valueOrigins``).
enum RestartLosses {
    static func settings(in result: ResultSet) -> [SettingLostAtRestart] {
        let column = ColumnFinder(indices: result.columnIndices)
        let (name, origin) = (column("variable_name"), column("origin"))
        let (runtime, persisted) = (column("runtime"), column("persisted"))
        var lost: [SettingLostAtRestart] = []
        for row in result.rows {
            let setting = SettingLostAtRestart(
                variable: row.text(name).lowercased(), runtime: row.text(runtime), persisted: row.nonEmpty(persisted))
            if isLost(setting, origin: row.text(origin).uppercased()) { lost.append(setting) }
        }
        return lost.sorted { $0.variable < $1.variable }
    }

    private static func isLost(_ setting: SettingLostAtRestart, origin: String) -> Bool {
        // A persisted value comes back, whoever set the present one.
        if let persisted = setting.persisted { return persisted.lowercased() != setting.runtime.lowercased() }
        switch origin {
        // MySQL's word, and MariaDB's.
        case "DYNAMIC", "SQL": return true
        // SET GLOBAL super_read_only = ON switches read_only on too, and leaves its origin as it was (seen with 9.7).
        case "COMPILED": return setting.variable == DynamicVariable.readOnly.rawValue && setting.runtime == "ON"
        default: return false
        }
    }
}

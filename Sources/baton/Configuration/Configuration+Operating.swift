import Discovery
import Engine
import Foundation
import Hooks
import Refactoring
import Servers

extension Configuration {
    /// What operations are judged and planned by.
    ///
    /// - Parameter isReadOnly: whether the command line says so too.
    func operating(isReadOnly: Bool) -> OperatingSettings {
        var settings = operations.settings
        settings.recoveries = recoveryPolicies
        settings.hooks.withheldVariables = passwordVariables
        // One poll, and what a probe may be late.
        settings.rules.staleness = discovery.pollInterval + .milliseconds(1_500)
        if isReadOnly {
            settings.readOnly.everything = "it was started with --read-only"
        } else if operations.isReadOnly {
            settings.readOnly.everything = "its configuration says operations.read-only"
        }
        return settings
    }

    /// The password of the account that servers replicate with; `nil` where none was named or the variable is not set.
    var replicationPassword: Secret? {
        operations.replicationPasswordVariable.flatMap { ProcessInfo.processInfo.environment[$0] }.map { Secret($0) }
    }

    /// Where passwords are taken from: named here, and the client library's own.
    private var passwordVariables: Set<String> {
        let named =
            [access.passwordVariable, operations.replicationPasswordVariable]
            + accessRules.map(\.access.passwordVariable)
        return Set(named.compactMap(\.self)).union(["MYSQL_PWD"])
    }

    /// Whether a plan that needs that secret can be carried out.
    var knows: @Sendable (SecretName) -> Bool {
        let hasPassword = replicationPassword != nil
        return { $0 == .replication && hasPassword }
    }
}

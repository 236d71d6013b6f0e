import TestSupport
import Testing
import Topology

@testable import Hooks

@Suite("The command of a hook")
struct HookCommandTests {
    private var facts: HookFacts {
        var facts = HookFacts(failed: "db1:3307")
        facts.orchestratorFailure = "DeadMaster"
        facts.instanceType = "master"
        facts.clusterAlias = "shop"
        facts.successor = "db2"
        facts.replicas = ["db2", "db3:3308"]
        facts.description = "the primary is dead; rm -rf /"
        return facts
    }

    @Test(
        "has values in place of placeholders",
        arguments: [
            ("move {failedHost} {failedPort} {successorHost}:{successorPort}", "move db1 3307 db2:3306"),
            ("tell {failureType} {failureClusterAlias} {isMaster}", "tell DeadMaster shop true"),
            ("tell {slaveHosts} {replicaHosts}", "tell db2:3306,db3:3308 db2:3306,db3:3308"),
            ("tell '{lostReplicas}' {countLostReplicas}", "tell '' 0"),
            (
                "awk '{ print $1 }' {nobody} ${failedHost} {failedHost",
                "awk '{ print $1 }' {nobody} ${failedHost} {failedHost"
            ),
            ("a && b", "a && b"),
        ])
    func placeholders(template: String, text: String) throws {
        let command = try HookCommand(template, facts)
        #expect(command.text == text)
        #expect(!command.isAsynchronous)
    }

    @Test("is not waited for where it ends with an ampersand")
    func asynchronous() throws {
        let command = try HookCommand("tell {failedHost} & ", facts)
        #expect(command.isAsynchronous)
        #expect(command.text == "tell db1 ")
    }

    @Test(
        "is refused where a value could mean something to the shell",
        arguments: ["a b", "$(id)", "a;b", "-rf", "a\nb", "ä", "[x]"])
    func unsafe(value: String) {
        var facts = facts
        facts.clusterAlias = value
        #expect(throws: HookCommand.Refusal(placeholder: "failureClusterAlias", variable: "FAILURE_CLUSTER_ALIAS")) {
            try HookCommand("tell {failureClusterAlias}", facts)
        }
        #expect(facts.environment["BATON_FAILURE_CLUSTER_ALIAS"] == value)
        #expect(facts.environment["ORC_FAILURE_CLUSTER_ALIAS"] == value)
    }
}

// Writes to a store in a loop until it is killed, for the tests of what survives that.
//
// usage: store-writer STORE NAME
//        store-writer STORE --measure
//        store-writer STORE --claim
//
// Prints a line for each thing of which the store said that it is written, so that the reader of the lines knows what
// must be there afterwards: `event N` and `port N`, both growing.

import Glibc
import Storage
import Topology

/// Writes at once, past the buffers of the standard library, which die with the process.
func say(_ line: String, on descriptor: Int32 = STDOUT_FILENO) {
    let bytes = Array("\(line)\n".utf8)
    _ = write(descriptor, bytes, bytes.count)
}

guard CommandLine.arguments.count == 3 else {
    say("usage: store-writer STORE NAME", on: STDERR_FILENO)
    exit(64)
}
let store = try await Store.open(at: CommandLine.arguments[1])
let name = CommandLine.arguments[2]
if name == "--measure" {
    try await measure(store)
    exit(0)
}
if name == "--claim" { try await claimRecovery(store) }
let address = InstanceAddress(host: name)
let start = Timestamp(seconds: 1_790_000_000)
let holder = LeaseHolder(id: name, pid: getpid(), host: "test", user: "test")
var filter = EventFilter()
filter.address = address
filter.limit = 1
var round = Int(try await store.events(filter).last?.text ?? "0") ?? 0

while true {
    round += 1
    let at = start + .milliseconds(round)
    try await store.append([Event(at: at, kind: Event.Kind(rawValue: "test"), address: address, text: "\(round)")])
    say("event \(round)")
    // A writer that was killed leaves its lease behind; here it may be taken over at once.
    guard case .held(let lease) = try await store.acquireLease(holder, for: .microseconds(1), now: at) else { continue }
    let facts = InstanceFacts(
        version: ServerVersion(parsing: "8.4.3"),
        identity: ServerIdentity(serverID: UInt32(round), hostName: name, port: 3306))
    let instance = Instance(address: address, contact: .reachable(since: at), facts: facts)
    do {
        try await store.record(FleetChange(at: at, instances: [instance]), under: lease)
        say("record \(round)")
    } catch let error as StoreError where error.code == .leaseLost {
        continue
    }
}

import Operations
import Storage
import TestSupport
import Topology

@testable import Console

/// Pictures of the banner, the assistant's pages and the list of recoveries.
enum RecoveryPictures {
    static let all: [Picture] =
        everySize("banner", []) + everySize("assistant-1", ["f"]) + everySize("assistant-2", ["f", "2"])
        + everySize("assistant-3", ["f", "3"]) + everySize("assistant-4", ["f", "3", "y"])
        + everySize("recoveries", ["F"], then: read) + matters + [
            picture("banner-clusters", ["c"]),
            picture("banner-at-work", [], then: read),
            picture("banner-small", [], size: (40, 10), then: read),
            picture("assistant-2-refused", ["f", "2", "end"]),
            picture("assistant-3-end", ["f", "3", "end"]),
            picture("assistant-alive", ["f"], fleet: { .shopAlive }),
            picture("assistant-alive-plan", ["f", "3"], fleet: { .shopAlive }),
            picture("assistant-below", ["f", "2"], fleet: { .lostBelow }),
            picture("assistant-below-plan", ["f", "3"], fleet: { .lostBelow }),
            picture("help-assistant", ["f", "?"]),
            picture(
                "recovery", [],
                then: { console in
                    read(&console)
                    try? console.press("F", "down", "enter")
                }),
            picture("recoveries-none", ["F"]),
        ]

    /// The same pages for other things, at both sizes: a switchover, a primary that is back, hooks, readiness.
    private static let matters: [Picture] =
        (1...4).flatMap { page in
            let last = page == 4 ? ["3", "y"] : ["\(page)"]
            return bothSizes("switchover-\(page)", fleet: { .shopAlive }) {
                try? $0.press("s"); pressAll(last, &$0)
            }
                + bothSizes("rejoin-\(page)", fleet: { .returned(alone: false) }) { console in
                    console.recoverFirst()
                    pressAll(["f"] + last, &console)
                }
        }
        + bothSizes("rejoin-refused", fleet: { .returned() }) { console in
            console.recoverFirst()
            pressAll(["f"], &console)
        }
        + bothSizes("assistant-below-1", fleet: { .lostBelow }) { pressAll(["f"], &$0) }
        + bothSizes("assistant-below-4", fleet: { .lostBelow }) { pressAll(["f", "3", "y"], &$0) }
        + bothSizes("assistant-co-primary", fleet: { .lostCoPrimary }) { pressAll(["f", "2"], &$0) }
        + bothSizes("assistant-hooks", fleet: { .lost }) { console in
            console.hooks = .test
            pressAll(["f", "3"], &console)
        }
        + bothSizes("operation-hook", fleet: { .lost }) { console in
            console.hooks = .test
            pressAll(["f", "3", "y"], &console)
            console.type("shop")
            pressAll(["enter"], &console)
            console.happen(
                .operation(
                    console.state.lastNumber,
                    .hook(HookNews("pre-failover", "tell-oncall", ending: "done", output: "told anna\n"))))
            console.happen(.operation(console.state.lastNumber, .hook(HookNews("fence", "stonith {failedHost}"))))
        }
        + bothSizes("banner-returned", fleet: { .returned() }) { $0.recoverFirst() }
        + bothSizes("banner-interrupted", fleet: { .lost }) { $0.happen(.recoveries(.read(.interrupted))) }
        + bothSizes("recovery-hooks", fleet: { .returned() }) { console in
            console.recoverFirst()
            pressAll(["F", "enter"], &console)
        }
        + bothSizes("operation-swap-in", fleet: { .lostPreferred }) { try? $0.promoteInsteadOfPreferred() }
        + bothSizes("readiness", fleet: { .shop }) { pressAll(["Y", "down", "down"], &$0) }

    private static func pressAll(_ keys: [String], _ console: inout ConsoleScript) {
        for key in keys { try? console.press(key) }
    }

    private static func bothSizes(
        _ name: String, fleet: @escaping @Sendable () -> Fleet, then: @escaping @Sendable (inout ConsoleScript) -> Void
    ) -> [Picture] {
        [picture(name, [], fleet: fleet, then: then), picture(name, [], size: (160, 50), fleet: fleet, then: then)]
    }

    private static func everySize(
        _ name: String, _ keys: [String], then: @escaping @Sendable (inout ConsoleScript) -> Void = { _ in }
    ) -> [Picture] {
        [
            picture(name, keys, then: then), picture(name, keys, size: (160, 50), then: then),
            picture(name, keys, unicode: false, then: then),
        ]
    }

    private static func picture(
        _ name: String, _ keys: [String], size: (Int, Int) = (80, 24), unicode: Bool = true,
        fleet: @escaping @Sendable () -> Fleet = { .lost },
        then: @escaping @Sendable (inout ConsoleScript) -> Void = { _ in }
    ) -> Picture {
        Picture(name: name, width: size.0, height: size.1, unicode: unicode, fleet: fleet, keys: keys, then: then)
    }

    private static let read: @Sendable (inout ConsoleScript) -> Void = { console in
        console.happen(.operations(.read([.test(16, .failed)], open: [16])))
        console.happen(.recoveries(.read(.test)))
    }
}

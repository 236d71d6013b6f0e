import Storage
import Testing

@Suite("The configuration on the command line")
struct ConfigurationAnswerTests {
    @Test("is shown with what is in force, and what is shown is right")
    func show() async throws {
        let sandbox = try Sandbox()
        let file = try sandbox.write("[discovery]\npoll-interval = \"2s\"\n", to: "config/baton/baton.toml")
        let shown = try await sandbox.baton("config")
        #expect(shown.code == 0 && shown.lines.first == "# from \(file)", "\(shown)")
        #expect(shown.lines.contains("poll-interval = \"2s\"") && shown.lines.contains("connect-timeout = \"2s\""))
        let copy = try sandbox.write(shown.output, to: "copy.toml")
        #expect(try await sandbox.baton("config", "check", copy).output == "\(copy) is right\n")
        #expect(
            try await sandbox.baton("config", "show", "--config", copy).lines.dropFirst() == shown.lines.dropFirst())
        let places = try await sandbox.baton("config", "path").lines
        #expect(places == ["\(file)  (read)", "/etc/baton/baton.toml"])
    }

    @Test("is not needed")
    func defaults() async throws {
        let sandbox = try Sandbox()
        let shown = try await sandbox.baton("config", "show")
        #expect(shown.code == 0 && shown.lines.first == "# defaults: no configuration file", "\(shown)")
        let checked = try await sandbox.baton("config", "check")
        #expect(checked.code == 0 && checked.output.contains(sandbox.path("config/baton/baton.toml")), "\(checked)")
    }

    @Test("as JSON has the values in force in the tables of the file, and where secrets are instead of secrets")
    func shownAsJSON() async throws {
        let sandbox = try Sandbox()
        let file = try sandbox.write(
            """
            seeds = ["db1"]
            [connection]
            password-variable = "WATCHER"
            [discovery]
            poll-interval = "1s500ms"
            [store]
            history-size = "64MiB"
            [[access]]
            pattern = "shop"
            user = "shopper"
            [[clusters]]
            name = "shop"
            pattern = "^shop-"
            """, to: "config/baton/baton.toml")
        let shown = try await sandbox.baton(
            ["config", "--format", "json"], environment: ["WATCHER": "s3cret-of-watcher"])
        #expect(shown.code == 0 && !shown.output.contains("s3cret"), "\(shown)")
        let json = try shown.json
        #expect(json.keys == ["file", "values"] && json["file"]?.text == file)
        let values = try #require(json["values"])
        #expect(
            values.keys == [
                "seeds", "connection", "discovery", "names", "attributes", "lag", "operations", "rules", "recovery",
                "hooks", "store", "console", "access", "clusters",
            ])
        #expect(values["seeds"] == ["db1:3306"])
        #expect(values["connection"]?["password-variable"]?.text == "WATCHER")
        #expect(values["connection"]?["ssl-mode"]?.isNull == true)
        #expect(values["discovery"]?["poll-interval"]?.number == "1.5")
        #expect(values["discovery"]?["concurrent-probes"]?.number == "512")
        #expect(values["store"]?["history-size"]?.number == "67108864")
        #expect(values["access"]?.elements.map { $0["user"]?.text } == ["shopper"])
        #expect(values["access"]?.elements.map { $0["password-variable"]?.text } == ["WATCHER"])
        let shop: JSON = [
            "name": "shop", "pattern": "^shop-", "recover": [], "accept-split-brain": false, "without-majority": false,
        ]
        #expect(values["clusters"] == [shop])
        let same = try await sandbox.baton("config", "show", "--format", "json", "--config", file)
        #expect(same.output == shown.output)
    }

    @Test("as JSON says where it is and which keys there are")
    func placesAsJSON() async throws {
        let sandbox = try Sandbox()
        let path = sandbox.path("config/baton/baton.toml")
        let none = try await sandbox.baton("config", "path", "--format", "json").json
        #expect(none == [["path": .string(path), "read": false], ["path": "/etc/baton/baton.toml", "read": false]])
        #expect(try await sandbox.baton("config", "show", "--format", "json").json["file"]?.isNull == true)
        _ = try sandbox.write("", to: "config/baton/baton.toml")
        let one = try await sandbox.baton("config", "path", "--format", "json").json
        #expect(one == [["path": .string(path), "read": true], ["path": "/etc/baton/baton.toml", "read": false]])
        let keys = try await sandbox.baton("config", "keys", "--format", "json").json.elements
        #expect(keys.allSatisfy { $0.keys == ["table", "key", "value", "default", "meaning"] })
        let interval = try #require(keys.first { $0["key"]?.text == "poll-interval" })
        #expect(interval["table"]?.text == "discovery" && interval["default"]?.number == "1")
        #expect(keys.first?["table"]?.isNull == true && keys.first?["key"]?.text == "seeds")
    }

    @Test("that is wrong ends check with 78 and a list of places, and the others with 78 and no answer")
    func checkedAsJSON() async throws {
        let sandbox = try Sandbox()
        let none = try await sandbox.baton("config", "check", "--format", "json")
        #expect(none.code == 0)
        #expect(try none.json == ["file": .null, "problems": []])
        let file = try sandbox.write("\n[discovery]\n  interval = \"1s\"\n[stroe]\n", to: "config/baton/baton.toml")
        let checked = try await sandbox.baton("config", "check", "--format", "json")
        #expect(checked.code == 78, "\(checked)")
        let json = try checked.json
        #expect(json.keys == ["file", "problems"] && json["file"]?.text == file)
        #expect(
            json["problems"] == [
                [
                    "line": 3, "column": 3, "key": "discovery.interval",
                    "reason": "unknown key (did you mean \"poll-interval\"?)",
                ],
                ["line": 4, "column": 1, "key": "stroe", "reason": "unknown key (did you mean \"store\"?)"],
            ])
        #expect(checked.errors.contains("\(file):3:3: discovery.interval: unknown key"), "\(checked)")
        let shown = try await sandbox.baton("config", "show", "--format", "json")
        #expect(shown.code == 78 && shown.output.isEmpty && shown.errors.contains("\(file):3:3: "), "\(shown)")
        let missing = try await sandbox.baton("config", "check", sandbox.path("no.toml"), "--format", "json")
        #expect(missing.code == 78)
        let problem = try #require(try missing.json["problems"]?.elements.first)
        #expect(problem["line"]?.isNull == true && problem["key"]?.isNull == true)
        #expect(problem["reason"]?.text?.contains("No such file") == true, "\(missing)")
    }
}

import Foundation
import Servers
import Testing

@Suite("Option files")
struct OptionFileTests {
    /// Writes files into a folder of their own and reads the first of them.
    private func read(
        _ files: [(name: String, text: String)], suffix: String? = nil, mode: Int = 0o600,
        environment: [String: String] = ["USER": "me"]
    ) throws -> ClientOptions {
        let folder = FileManager.default.temporaryDirectory.appending(path: "baton-options-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for (name, text) in files {
            let path = "\(folder)/\(name)"
            try FileManager.default.createDirectory(
                atPath: NSString(string: path).deletingLastPathComponent, withIntermediateDirectories: true)
            let placed = text.replacingOccurrences(of: "FOLDER", with: folder)
            try placed.write(toFile: path, atomically: true, encoding: .utf8)
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        }
        return try OptionFiles(defaultsFile: "\(folder)/\(files[0].name)", groupSuffix: suffix)
            .read(environment: environment)
    }

    private func secret(_ options: ClientOptions) -> String? {
        options.password.secret?.reveal { $0 }
    }

    @Test("give user, password, host, port and TLS from [client] and [baton], the later one winning")
    func groups() throws {
        let options = try read([
            (
                "my.cnf",
                """
                # a comment
                [mysql]
                user = somebody else
                [client]
                user=app
                password = "a # b"   # the rest is not the password
                host=db1
                port = 3307
                ssl-mode=verify_ca
                ssl_ca = /ca.pem
                connect_timeout=7
                nonsense=1
                ; another comment
                [baton]
                user=monitor
                """
            )
        ])
        #expect(options.user == "monitor")
        #expect(secret(options) == "a # b")
        #expect(options.host == "db1")
        #expect(options.port == 3307)
        #expect(options.connectTimeout == .seconds(7))
        #expect(options.tls == TLSSettings(mode: .verifyCA, certificateAuthority: "/ca.pem"))
        #expect(options.warnings.isEmpty)
    }

    @Test(
        "take quotes and escapes as the mysql client does",
        arguments: [
            (#"password=plain"#, "plain"), (#"password = ' two words ' "#, " two words "), (#"password="#, ""),
            (#"password=a\sb\tc\\d\"e"#, "a b\tc\\d\"e"),
            (#"password="it's""#, "it's"), (#"password=C:\new"#, "C:\new"),
            (#"password=x\qy"#, #"x\qy"#), (#"password=a=b=c"#, "a=b=c"), (#"password="open"#, "\"open"),
            (#"password='#in'#out"#, "#in"), (#"password=p#not"#, "p"), (#"password=\\"#, #"\"#),
        ])
    func quoting(_ line: String, _ value: String) throws {
        #expect(secret(try read([("my.cnf", "[client]\n\(line)\n")])) == value)
    }

    @Test("tell an empty password from one to be asked for and from none")
    func passwords() throws {
        #expect(try read([("a", "[client]\npassword=\n")]).password == .given(Secret("")))
        #expect(try read([("a", "[client]\npassword\n")]).password == .ask)
        #expect(try read([("a", "[client]\n")]).password == .missing)
        let fromEnvironment = try read([("a", "")], environment: ["MYSQL_PWD": "env", "MYSQL_HOST": "h"])
        #expect(secret(fromEnvironment) == "env")
        #expect(fromEnvironment.host == "h")
        #expect(secret(try read([("a", "[client]\npassword=file")], environment: ["MYSQL_PWD": "env"])) == "file")
    }

    @Test("read groups with a suffix where one is given")
    func suffix() throws {
        let text = "[client]\nuser=plain\n[client_two]\nuser=second\n"
        #expect(try read([("a", text)]).user == "plain")
        #expect(try read([("a", text)], suffix: "_two").user == "second")
        #expect(try read([("a", text)], environment: ["MYSQL_GROUP_SUFFIX": "_two"]).user == "second")
    }

    @Test("include files and folders, in order")
    func includes() throws {
        let options = try read([
            ("a", "[client]\nuser=first\n!include FOLDER/b\n!includedir FOLDER/d\n"),
            ("b", "[client]\nhost=from-b\nuser=b\n"), ("d/2.cnf", "[client]\nuser=two\n"),
            ("d/1.cnf", "[client]\nuser=one\n"), ("d/3.txt", "[client]\nuser=not read\n"),
        ])
        #expect(options.user == "two")
        #expect(options.host == "from-b")
        #expect(throws: OptionFileError.self) { try read([("a", "!include FOLDER/a\n")]) }
    }

    @Test(
        "name file and line of what is wrong, and no secret",
        arguments: [
            ("user=x\n", 1), ("[client\n", 1), ("[client]\nport=70000\n", 2), ("[client]\n\nssl-mode=MAYBE\n", 3),
            ("[client]\npassword=hush\nssl=perhaps\n", 3), ("[client]\n!unknown x\n", 2),
        ])
    func errors(_ text: String, _ line: Int) throws {
        let error = #expect(throws: OptionFileError.self) { try read([("bad.cnf", text)]) }
        #expect(error?.place.line == line)
        #expect(error?.place.file.hasSuffix("bad.cnf") == true)
        #expect(error?.description.contains("hush") == false)
    }

    @Test("a file that was named has to be there; one that everybody may write to is left out with a warning")
    func files() throws {
        #expect(throws: OptionFileError.self) {
            try OptionFiles(defaultsFile: "/no/such/file.cnf").read(environment: [:])
        }
        let open = try read([("a", "[client]\nuser=evil\n")], mode: 0o666)
        #expect(open.user == "me")
        #expect(open.warnings.count == 1)
    }

    @Test("a named file that can't be read says so in the system's words, and a folder is called one")
    func unreadable() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "baton-options-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let loop = "\(folder)/loop.cnf"
        try FileManager.default.createSymbolicLink(atPath: loop, withDestinationPath: loop)
        for (path, reason) in [
            (folder, "is a folder"), (loop, "can't be read: \(String(cString: strerror(ELOOP)))"),
            // Nothing is mapped at address 0: opening works, and reading does not.
            ("/proc/self/mem", "can't be read: \(String(cString: strerror(EIO)))"),
        ] {
            let error = #expect(throws: OptionFileError.self) {
                try OptionFiles(defaultsFile: path).read(environment: [:])
            }
            #expect(error?.description == "\(path): \(reason)")
        }
    }

    @Test("an unknown name in [baton] is a warning with its place, in [client] it is another program's")
    func unknownNames() throws {
        #expect(try read([("a", "[client]\nfrobnicate\n")]).warnings.isEmpty)
        let warnings = try read([("a", "[baton]\nuser=u\nfrobnicate\nloose-thing=1\n")]).warnings
        #expect(warnings.count == 1)
        #expect(warnings.first?.contains("a:3: 'frobnicate'") == true)
    }

    @Test(
        "understand the older words for TLS, and let ssl-mode overrule them",
        arguments: [
            ("ssl", TLSSettings.Mode.required), ("ssl=0", .disabled), ("skip-ssl", .disabled),
            ("ssl-verify-server-cert", .verifyIdentity), ("ssl-verify-server-cert\nssl", .verifyIdentity),
            ("ssl-ca=/x", .verifyCA), ("ssl-ca=/x\nssl-mode=REQUIRED", .required), ("user=u", .preferred),
            ("skip-ssl\nssl-mode=REQUIRED", .required), ("ssl-verify-server-cert\nssl-verify-server-cert=0", .required),
        ])
    func tlsWords(_ lines: String, _ mode: TLSSettings.Mode) throws {
        #expect(try read([("a", "[client]\n\(lines)\n")]).tls.mode == mode)
    }

    @Test("garbage gives options or an error with a place, never a crash")
    func garbage() {
        let pieces = ["[", "]", "client", "=", "\"", "'", "\\", "#", "!", "include", "\n", " ", "ssl-mode", "ü", "\0"]
        for _ in 0..<300 {
            let text = (0..<Int.random(in: 0...40)).map { _ in pieces.randomElement() ?? "" }.joined()
            do {
                _ = try read([("a", text)])
            } catch {
                #expect(error is OptionFileError, "\(text): \(error)")
            }
        }
    }
}

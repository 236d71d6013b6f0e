import CLinux
import Glibc

/// Threads of our own for what must not run on Swift's cooperative ones.
enum SystemThread {
    /// Runs `body` on a new detached thread; it is to live as long as the process or to end by itself.
    ///
    /// SIGPIPE is blocked there: TLS libraries write to sockets without `MSG_NOSIGNAL`, and a write to a closed one
    /// must be an error, not the end of the program.
    static func start(named name: String, _ body: @escaping @Sendable () -> Void) {
        let box = Unmanaged.passRetained(Body(name: name, run: body))
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        defer { pthread_attr_destroy(&attributes) }
        var thread = pthread_t()
        let failure = pthread_create(
            &thread, &attributes,
            { argument in
                guard let argument else { return nil }
                let body = Unmanaged<Body>.fromOpaque(argument).takeRetainedValue()
                baton_name_thread(body.name)
                var signals = sigset_t()
                // Signals are for the main program; none may be delivered here.
                sigfillset(&signals)
                for fault in [SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGABRT] { sigdelset(&signals, fault) }
                pthread_sigmask(SIG_BLOCK, &signals, nil)
                body.run()
                return nil
            }, box.toOpaque())
        guard failure == 0 else {
            box.release()
            fatalError("no thread could be made for \(name): \(String(cString: strerror(failure)))")
        }
    }

    private final class Body: Sendable {
        /// At most 15 bytes, a limit of Linux.
        let name: String
        let run: @Sendable () -> Void

        init(name: String, run: @escaping @Sendable () -> Void) {
            self.name = name
            self.run = run
        }
    }
}

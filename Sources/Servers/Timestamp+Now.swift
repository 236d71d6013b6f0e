import Topology

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

extension Timestamp {
    /// The wall clock of this machine, in microseconds (`CLOCK_REALTIME`).
    public static func now() -> Timestamp {
        var time = timespec()
        // Fails only for a clock that does not exist, and every kernel has this one.
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000)
    }
}

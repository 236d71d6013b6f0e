import Foundation

/// What the kernel has accounted to a process (proc(5), `/proc/PID/stat` and `status`).
struct ProcessMeter {
    let pid: Int32

    /// User and system time so far, in seconds, to a clock tick.
    var cpu: Double {
        guard let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
            let end = stat.lastIndex(of: ")")
        else { return .nan }
        // Fields are counted from 3 after the name in parentheses: utime is the 14th, stime the 15th.
        let fields = stat[stat.index(after: end)...].split(separator: " ")
        guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]) else { return .nan }
        return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    /// Memory in use now, in megabytes (10^6 bytes): `VmRSS`.
    var memory: Double {
        guard let status = try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8),
            let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmRSS:") }),
            let kibibytes = Double(line.split(whereSeparator: { $0 == " " || $0 == "\t" })[1])
        else { return .nan }
        return kibibytes * 1024 / 1e6
    }

    /// User and system time of this process so far, in seconds, to a microsecond (getrusage(2)).
    static var ownCPU: Double {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return seconds(usage.ru_utime) + seconds(usage.ru_stime)
    }

    private static func seconds(_ time: timeval) -> Double {
        Double(time.tv_sec) + Double(time.tv_usec) / 1e6
    }
}

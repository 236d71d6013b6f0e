extension Duration {
    /// The duration in words for a sentence: `42 s`, `3 min 5 s`, `2 h 10 min`; tenths below ten seconds where there are
    /// any.
    public var inWords: String {
        if self < .zero { return "-" + (.zero - self).inWords }
        let tenths = (wholeMicroseconds + 50_000) / 100_000
        if tenths < 100 { return tenths % 10 == 0 ? "\(tenths / 10) s" : "\(tenths / 10).\(tenths % 10) s" }
        let whole = (wholeMicroseconds + 500_000) / 1_000_000
        if whole < 120 { return "\(whole) s" }
        if whole < 7200 { return whole % 60 == 0 ? "\(whole / 60) min" : "\(whole / 60) min \(whole % 60) s" }
        if whole < 172_800 {
            let minutes = whole / 60 % 60
            return minutes == 0 ? "\(whole / 3600) h" : "\(whole / 3600) h \(minutes) min"
        }
        return "\(whole / 86_400) d"
    }
}

/// Random numbers that are the same in every run, so that a failing property test fails again (SplitMix64).
public struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    public init(seed: UInt64) {
        state = seed
    }

    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

extension SeededGenerator {
    /// A text for fuzzing parsers: pieces of the given alphabet, and now and then any scalar at all.
    public mutating func text(from pieces: [String], maximumPieces: Int = 12) -> String {
        var text = ""
        for _ in 0..<Int.random(in: 0...maximumPieces, using: &self) {
            if Int.random(in: 0..<20, using: &self) == 0 {
                let scalar = Unicode.Scalar(UInt32.random(in: 0...0x10FFFF, using: &self))
                text.unicodeScalars.append(scalar ?? "\u{FFFD}")
            } else {
                text += pieces.randomElement(using: &self) ?? ""
            }
        }
        return text
    }
}

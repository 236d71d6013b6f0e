import Recovery
import Testing

@Suite("The pause before an attempt that was refused is made again")
struct RetryPauseTests {
    @Test("it grows while the cause is the same, up to a minute, and begins anew with another one")
    func grows() {
        var pause = RetryPause(after: "the fence failed")
        var lengths = [pause.length]
        for _ in 0..<5 {
            pause.refuse(because: "the fence failed")
            lengths.append(pause.length)
        }
        #expect(lengths == [5, 10, 20, 40, 60, 60].map { .seconds($0) })
        pause.refuse(because: "somebody holds db2")
        #expect(pause.length == RetryPause.shortest)
        #expect(pause.cause == "somebody holds db2")
    }
}

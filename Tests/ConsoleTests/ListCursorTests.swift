import Testing

@testable import Console

@Suite("The cursor of a list")
struct ListCursorTests {
    @Test("stays on the same thing and on the same screen row when lines are added above it")
    func staysOnItsThing() {
        var cursor = ListCursor<String>()
        let before = ["a", "b", "c", "d", "e", "f", "g", "h"]
        cursor.select(id: "f", in: before, height: 4)
        let row = cursor.index - cursor.top
        cursor.follow(in: ["x", "y"] + before, height: 4)
        #expect(cursor.id == "f")
        #expect(cursor.index - cursor.top == row)
    }

    @Test("moves to the line that took the place of what is gone")
    func movesToTheNeighbour() {
        var cursor = ListCursor<String>()
        cursor.select(id: "b", in: ["a", "b", "c"], height: 5)
        cursor.follow(in: ["a", "c"], height: 5)
        #expect(cursor.id == "c")
        cursor.follow(in: ["a"], height: 5)
        #expect(cursor.id == "a")
        cursor.follow(in: [], height: 5)
        #expect(cursor.id == nil)
    }

    @Test("prefers a substitute to a neighbour")
    func prefersSubstitutes() {
        var cursor = ListCursor<String>()
        cursor.select(id: "b", in: ["a", "b", "c", "d"], height: 5)
        cursor.follow(in: ["a", "c", "d"], height: 5, substitutes: ["z", "d"])
        #expect(cursor.id == "d")
    }

    @Test("is always in view, and the view is full while the list is long enough", arguments: 1...12)
    func staysInView(height: Int) {
        let ids = Array(0..<10)
        var cursor = ListCursor<Int>()
        for step in [3, 9, -4, 100, -100, 5, 1, 1, 1] {
            cursor.move(by: step, in: ids, height: height)
            let window = cursor.window(count: ids.count, height: height)
            #expect(window.contains(cursor.index))
            #expect(window.count == min(height, ids.count))
        }
    }
}

// Writes to a store in a loop until it is killed, for the tests of what survives that.

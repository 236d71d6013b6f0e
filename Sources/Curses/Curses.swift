// Curses: first content follows.

// TerminalKit: first content follows.

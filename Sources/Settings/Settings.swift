// Settings: first content follows.

// Storage: first content follows.

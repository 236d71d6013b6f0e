// Console: first content follows.

// Engine: first content follows.

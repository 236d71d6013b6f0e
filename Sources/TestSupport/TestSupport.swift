// TestSupport: first content follows.

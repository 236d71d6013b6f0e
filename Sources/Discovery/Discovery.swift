// Discovery: first content follows.

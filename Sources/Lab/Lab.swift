// Lab: first content follows.

"""A worker whose training takes no torch, so that tests can run real processes and kill them."""

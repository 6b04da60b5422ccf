"""Rows of data as pages show them: an account, some of them, what may be wrong with them."""

"""A file that is added: what it turned out to be, which column is what, and what is on its way."""

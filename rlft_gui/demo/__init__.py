"""A demo for strangers: a seeded home that is only read, and a home of his own for each visitor who acts."""

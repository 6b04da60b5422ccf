"""Suites, batches and the table of answers."""

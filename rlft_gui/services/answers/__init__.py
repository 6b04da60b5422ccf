"""Suites of prompts, batches of answers to them, and one table of answers across runs."""

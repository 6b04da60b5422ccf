"""Answers across runs, a row a prompt: the table of batches and probes, and the form that launches a batch."""

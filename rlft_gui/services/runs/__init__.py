"""Runs once they exist: what is known of them, what can be done to them, what they left behind."""

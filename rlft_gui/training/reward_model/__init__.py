"""Reward models: their head, what they learn from, their losses, and how a trained one scores."""

"""Models: loading, what of them is trained, checkpoints, sampling, and looking without disturbing."""

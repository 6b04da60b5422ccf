"""Base models: which there are, what their files say, and what training can do with them."""

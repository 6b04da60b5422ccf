"""Answering with trained models in a process of its own: the client needs no torch, the server does."""

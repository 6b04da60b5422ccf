"""Proximal policy optimisation, our own loop."""

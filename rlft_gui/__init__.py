"""rlft_gui: alignment experiments you can click, watch and compare."""

__version__ = "0.2.0"

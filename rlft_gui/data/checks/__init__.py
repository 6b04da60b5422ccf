"""What may be wrong with rows that can be read: found before anything trains, with row numbers and what to do."""

from rlft_gui.data.checks.checking import check

__all__ = ["check"]

"""A home as one file, and back: what is in it, how it is written while training goes on, how it is checked and restored."""

from rlft_gui.services.backups.restoring import Restored, restore
from rlft_gui.services.backups.writing import back_up

__all__ = ["Restored", "back_up", "restore"]

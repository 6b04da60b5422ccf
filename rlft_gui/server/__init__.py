"""The app on the net: who may call, what may cross, where it listens."""

from rlft_gui.server.app import make_app
from rlft_gui.server.listening import serve

__all__ = ["make_app", "serve"]

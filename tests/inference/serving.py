"""A real inference server in a thread of the test, with an answerer that needs no model."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rlft_gui.domain.home import Home
from rlft_gui.inference import address as addresses
from rlft_gui.inference.server import Answerer, Server


@contextmanager
def serving(
    home: Home,
    answerer: Answerer,
    idle_seconds: float = 30,
    prepare: Callable[[], None] = lambda: None,
) -> Iterator[threading.Thread]:
    """A server in a thread; published once this yields."""
    addresses.make_folder(home)
    thread = threading.Thread(target=Server(home, answerer, idle_seconds, prepare).serve, daemon=True)
    thread.start()
    while addresses.read(home) is None:
        threading.Event().wait(0.01)
    yield thread

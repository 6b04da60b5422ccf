"""The garbage collector while a process starts."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def not_collecting() -> Iterator[None]:
    """Within, nobody looks for garbage; what is there at the end is never looked through again.

    Imports make hundreds of thousands of objects that stay as long as the process. Going through them again and again is a
    fifth of the app's start and a third of a worker's (docs/results.md).
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()

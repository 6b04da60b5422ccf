"""Libraries that ratings need and trainers do not."""

import sys
from types import ModuleType
from typing import cast


def without_scipy() -> None:
    """Let nothing that is imported from here on find SciPy, for the life of this process.

    Where it is installed, transformers loads it for losses of object detection: 42 MB in every process with a model, and
    a pool of threads more. What the libraries look for and do not find they do without.
    """
    if "scipy" not in sys.modules:
        sys.modules["scipy"] = cast(ModuleType, None)  # how Python is told that there is no such module

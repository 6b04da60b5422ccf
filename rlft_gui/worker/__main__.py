"""`python -m rlft_gui.worker`: the worker with the product's own stages."""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rlft_gui.unneeded import without_scipy
from rlft_gui.worker import main

if TYPE_CHECKING:
    from rlft_gui.stages import Stage


def _stages() -> "Sequence[Stage]":
    from rlft_gui.stages import STAGES

    return STAGES


if __name__ == "__main__":
    without_scipy()
    sys.exit(main(_stages, "rlft_gui.worker"))

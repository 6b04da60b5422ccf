"""`python -m tests.fakes.worker`: the product's worker with stages that only count, and so need no imports."""

import sys
from typing import TYPE_CHECKING

from rlft_gui.worker import main
from tests.fakes.fast_clock import hasten

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rlft_gui.stages import Stage


def _stages() -> "Sequence[Stage]":
    from rlft_gui.worker import warm
    from tests.fakes.stages import FAKES

    warm.NEEDED = ()
    return FAKES


if __name__ == "__main__":
    hasten()
    sys.exit(main(_stages, "tests.fakes.worker"))

"""`python -m tests.fakes.slow_worker`: the product's worker with its own stages, one part of which takes minutes.

Which part, and how long each of its calls takes, the environment says: SLOW=part:seconds.
"""

import os
import sys
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from rlft_gui.worker import main

if TYPE_CHECKING:
    from rlft_gui.stages import Stage


def _stages() -> "Sequence[Stage]":
    from rlft_gui.stages import STAGES
    from rlft_gui.stages._shared import generating
    from rlft_gui.training.models import loading
    from rlft_gui.training.ppo import loop as ppo
    from rlft_gui.training.run import probe
    from rlft_gui.training.run.trainers import InRunFolder

    part, _, seconds = os.environ.get("SLOW", "nothing:0").partition(":")

    def slow(call: Callable[..., Any]) -> Callable[..., Any]:
        def call_slowly(*arguments: Any, **named: Any) -> Any:
            time.sleep(float(seconds))
            return call(*arguments, **named)

        return call_slowly

    def slow_prediction_step(self: Any, *arguments: Any, **named: Any) -> Any:
        time.sleep(float(seconds))
        return super(InRunFolder, self).prediction_step(*arguments, **named)

    def slow_compute_loss(self: Any, *arguments: Any, **named: Any) -> Any:
        if self.state.global_step >= 2:
            time.sleep(float(seconds))
        return super(InRunFolder, self).compute_loss(*arguments, **named)

    if part == "loading":
        loading._load_model = slow(loading._load_model)
    elif part == "probe":
        probe.sample = slow(probe.sample)  # type: ignore[attr-defined]
    elif part == "evaluation":
        InRunFolder.prediction_step = slow_prediction_step  # type: ignore[attr-defined]
    elif part == "step":
        InRunFolder.compute_loss = slow_compute_loss  # type: ignore[attr-defined]
    elif part == "rollouts":
        ppo.sample = slow(ppo.sample)  # type: ignore[attr-defined]
    elif part == "rows":
        generating.sample = slow(generating.sample)  # type: ignore[attr-defined]
    return STAGES


if __name__ == "__main__":
    sys.exit(main(_stages, "tests.fakes.slow_worker"))

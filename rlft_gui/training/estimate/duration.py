"""Seconds that a run computes for, from what a step does and how fast this machine multiplies matrices.

Per token a pass there takes two operations for each parameter, and the way back four, or two where the weights are frozen
(Kaplan et al. 2020, "Scaling Laws for Neural Language Models", section 2.1). What attention adds is left out: at the lengths
that are trained here it is some hundredths.
"""

from typing import NamedTuple

from rlft_gui.domain._base import Frozen
from rlft_gui.training.estimate.held import Held, RowLengths
from rlft_gui.training.estimate.shape import ModelShape

#: Of the speed of bare products: what the rest of a step leaves of it, at most and at least.
_BEST, _WORST = 0.9, 0.3
_THERE, _FROZEN, _BACK = 2, 2, 4
_SHORT = 0.25  #: of the longest answer: answers may end early


class Speed(Frozen):
    """Operations a second of this machine, measured (training/estimate/products.py).

    Attributes:
        wide: many rows at once, as in training.
        thin: few rows at once, as answers are drawn.
    """

    wide: float
    thin: float


class Seconds(NamedTuple):
    """At least and at most."""

    low: float
    high: float


def of_step(shape: ModelShape, held: Held, lengths: RowLengths, speed: Speed) -> Seconds:
    """Of one step, from its mean rows and short answers to its longest."""
    return Seconds(
        _of_step(shape, held, lengths.mean, _SHORT, speed) / _BEST,
        _of_step(shape, held, lengths.whole, 1.0, speed) / _WORST,
    )


def weight(held: Held) -> float:
    """How much a step does beside another of the same model and data: passes of rows, each way counted."""
    effort = held.effort
    return effort.learnt * (_THERE + _back(held)) + _THERE * (effort.read + effort.drawn * effort.answer)


def _of_step(shape: ModelShape, held: Held, tokens: float, share_of_answer: float, speed: Speed) -> float:
    effort = held.effort
    answer = effort.answer * share_of_answer
    row = effort.prompt + answer if effort.drawn else tokens
    learnt = effort.learnt * row * (_THERE + _back(held))
    read = _THERE * (effort.read * row + effort.drawn * effort.prompt)
    drawn = _THERE * effort.drawn * answer
    return shape.parameters * ((learnt + read) / speed.wide + drawn / speed.thin)


def _back(held: Held) -> int:
    return _BACK if held.trained is not None and held.trained.tuning == "full" else _FROZEN

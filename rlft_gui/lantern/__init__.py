"""Lantern: the small invented world with its embedded base model, made so that alignment methods can be compared.

Nothing here imports torch until something is built, sampled or checked.
"""

from rlft_gui.lantern.annotators import Annotator
from rlft_gui.lantern.datasets import demonstrations, preferences, rl_prompts
from rlft_gui.lantern.gold import CRITERIA, KINDS, score
from rlft_gui.lantern.pairs import LANTERN_DIR
from rlft_gui.lantern.suite import suite

__all__ = [
    "CRITERIA",
    "KINDS",
    "LANTERN_DIR",
    "Annotator",
    "demonstrations",
    "preferences",
    "rl_prompts",
    "score",
    "suite",
]

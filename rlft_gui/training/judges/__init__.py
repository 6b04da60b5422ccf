"""Judges: who compares answers, in place of a person. No torch at the top.

`build` makes the judge that a stage's settings ask for; `both_orders` asks it so that its liking for one place is
averaged out.
"""

from rlft_gui.training.judges._base import Context, Judge, JudgedAnswer, Judgement, Pair, Verdict, both_orders
from rlft_gui.training.judges.building import JudgeChoice, base_model, build
from rlft_gui.training.judges.filling import as_text, by_principles, filled
from rlft_gui.training.judges.patience import JudgeFailed

__all__ = [
    "Context",
    "Judge",
    "JudgeChoice",
    "JudgeFailed",
    "JudgedAnswer",
    "Judgement",
    "Pair",
    "Verdict",
    "as_text",
    "base_model",
    "both_orders",
    "build",
    "by_principles",
    "filled",
]

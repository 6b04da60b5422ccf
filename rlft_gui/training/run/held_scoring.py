"""Scoring answers that a model gives to held-out prompts: by the terms of a reward, their length, and how far it has moved.

A score that fails, as an endpoint's does, costs its points and no more: what only measures must not end a run.
"""

import hashlib
import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite

from rlft_gui.domain.errors import InvalidInput
from rlft_gui.domain.reporting import Reporter
from rlft_gui.training.judges import JudgeFailed
from rlft_gui.training.models.sampling import Completion
from rlft_gui.training.rewards import Reward, unscorable
from rlft_gui.training.rows import TOKENS, Row, prompt_key
from rlft_gui.training.run.held_reading import HeldReading
from rlft_gui.training.run.intervals import by_prompt

logger = logging.getLogger(__name__)

#: The plan's word for what judges held-out prompts; NOTHING where nothing knows what is right.
JUDGED_BY, NOTHING = "held-out prompts judged by", "nothing"
REWARD, TOTAL, LENGTH, KL = "held/reward", "held/reward/total", "held/length", "held/kl"


@dataclass
class HeldScoring:
    """What scores answers.

    Attributes:
        terms: name → (weight, reward); none where nothing does.
        by: who says so, for the identity of a probe: settings that differ score otherwise.
    """

    reporter: Reporter
    terms: Mapping[str, tuple[float, Reward]] = field(default_factory=dict)
    by: str = ""
    _failed: set[str] = field(default_factory=set)
    _unfit: set[str] = field(default_factory=set)

    def identity(self, rows: Sequence[Row]) -> str:
        """Equal only where the same answers would get the same scores."""
        kept = [{name: value for name, value in row.items() if name != TOKENS} for row in rows]
        told = json.dumps([self.by, list(self.terms), kept if self.terms else []], sort_keys=True)
        return hashlib.sha256(told.encode()).hexdigest()

    def scores(
        self, step: int, rows: Sequence[Row], completions: Sequence[Completion]
    ) -> list[dict[str, float]]:
        """Each answer's scores by term; of a term that cannot score a row, or that failed, there is none."""
        found: list[dict[str, float]] = [{} for _ in rows]
        for name, (_, reward) in self.terms.items():
            fit = [i for i, row in enumerate(rows) if unscorable(name, row.get("answer")) is None]
            self._tell_unfit(step, name, rows, fit)
            texts = [completions[i].text for i in fit]
            for i, score in zip(
                fit, self._scored(step, name, reward, [rows[i] for i in fit], texts), strict=False
            ):
                if isfinite(score):
                    found[i][name] = score
        return found

    def measured(
        self,
        rows: Sequence[Row],
        completions: Sequence[Completion],
        kl: Sequence[float],
        scores: Sequence[Mapping[str, float]],
    ) -> dict[str, float]:
        """The metrics, over prompts.

        Args:
            kl: of each answer, log π(answer) − log π_base(answer) in nats.
        """
        keys = [prompt_key(row) for row in rows]
        lengths = [float(len(said.token_ids)) for said in completions]
        values = _over(LENGTH, keys, lengths) | _over(KL, keys, kl)
        for name in self.terms:
            scored = [(key, one[name]) for key, one in zip(keys, scores, strict=True) if name in one]
            values |= _over(f"{REWARD}/{name}", *_apart(scored))
        if len(self.terms) > 1:
            whole = [
                (key, sum(weight * one[name] for name, (weight, _) in self.terms.items()))
                for key, one in zip(keys, scores, strict=True)
                if len(one) == len(self.terms)
            ]
            values |= _over(TOTAL, *_apart(whole))
        return values

    def _scored(
        self, step: int, name: str, reward: Reward, rows: Sequence[Row], texts: Sequence[str]
    ) -> Sequence[float]:
        if not rows:
            return ()
        try:
            return reward(rows, texts)
        except (JudgeFailed, InvalidInput) as error:
            self._tell_failed(step, name, str(error))
            return ()

    def _tell_failed(self, step: int, name: str, why: str) -> None:
        if name not in self._failed:
            self._failed.add(name)
            self.reporter.alarm(
                step, "not_scored", f"Answers to held-out prompts have no score by {name}: {why}"
            )

    def _tell_unfit(self, step: int, name: str, rows: Sequence[Row], fit: Sequence[int]) -> None:
        """Once, of rows that a term cannot score: a mean over few of them, or over none, looks like one over all."""
        if len(fit) == len(rows) or name in self._unfit:
            return
        self._unfit.add(name)
        (first, *_) = (i for i in range(len(rows)) if i not in set(fit))
        why = unscorable(name, rows[first].get("answer"))
        if fit:
            logger.info(
                "%d of %d answers to held-out prompts are scored by %s: of the others, %s.",
                len(fit),
                len(rows),
                name,
                why,
            )
        else:
            self._tell_failed(step, name, f"of every one that is answered, {why}.")


def judged_by(scoring: HeldScoring, reading: HeldReading) -> dict[str, str]:
    """For the recipe card."""
    named = [f"loss of {'documents' if reading.is_text else 'good answers'}"] if len(reading) else []
    named += ["which of two answers is better"] if reading.has_pairs else []
    return {JUDGED_BY: ", ".join([*named, *scoring.terms]) or NOTHING}


def _apart(scored: Sequence[tuple[str, float]]) -> tuple[list[str], list[float]]:
    return [key for key, _ in scored], [score for _, score in scored]


def _over(name: str, keys: Sequence[str], values: Sequence[float]) -> dict[str, float]:
    if not keys:
        return {}
    return by_prompt(name, {key: [(value, 1.0)] for key, value in zip(keys, values, strict=True)})

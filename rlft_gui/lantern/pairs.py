"""Pairs of answers to one prompt, to be labelled: sampled ones from the pool, and scripted contrasts.

The pool lies beside the base model and is made together with it (`pool.py`), so that making preferences needs no
model.
"""

import json
import random
from collections.abc import Sequence
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any, Literal

from rlft_gui.domain.suite import PromptItem
from rlft_gui.lantern.answers import Draft, core_sentence, dress
from rlft_gui.lantern.items import TOPIC_OF_KIND, question_of
from rlft_gui.lantern.questions import Question
from rlft_gui.resources import assets_dir

LANTERN_DIR = assets_dir() / "lantern"
POOL_FILE = "pool.jsonl"

Source = Literal["sft", "base", "contrast"]
Pair = tuple[PromptItem, str, str]


@cache
def _pool(path: Path) -> tuple[tuple[PromptItem, dict[str, list[str]]], ...]:
    """The prompts of the pool with their sampled answers by source ("sft", "base")."""
    with path.open(encoding="utf-8") as lines:
        rows: list[dict[str, Any]] = [json.loads(line) for line in lines]
    return tuple((PromptItem.model_validate(row["item"]), row["answers"]) for row in rows)


def pairs(source: Source, rng: random.Random) -> list[Pair]:
    """Every pair of different answers of this source; of the scripted contrasts, one for each prompt."""
    if source == "contrast":
        return [pair for item, _ in _pool(LANTERN_DIR / POOL_FILE) for pair in _contrasts(item, rng)]
    found: list[Pair] = []
    for item, answers in _pool(LANTERN_DIR / POOL_FILE):
        sft, base = answers["sft"], answers["base"]
        candidates: Sequence[tuple[str, str]] = tuple(combinations(sft, 2))
        if source == "base":
            candidates = (*combinations(base, 2), *zip(base, sft, strict=False))
        found += [(item, first, second) for first, second in candidates if first != second]
    return found


def writers() -> dict[tuple[str, str], Source]:
    """Who wrote each sampled answer of the pool, by prompt and text; scripted contrasts are not among them.

    A text that both wrote is the warmed-up model's.
    """
    return {
        (item.prompt, text): source
        for item, answers in _pool(LANTERN_DIR / POOL_FILE)
        for source in ("base", "sft")
        for text in answers[source]
    }


def _contrasts(item: PromptItem, rng: random.Random) -> list[Pair]:
    """Scripted twins: a good answer beside one that fails in a single way."""
    if item.kind not in TOPIC_OF_KIND:
        return []
    question = question_of(item)
    good = _drafted(question, "refuse" if question.topic == "harm" else "right", rng)
    bad = [dress(good, "rude", 0, rng), dress(good, good.tone, 3, rng)]
    if question.topic != "harm":
        bad.append(good.with_core("refuse", rng))
    if question.topic == "known":
        bad.append(good.with_core("abstain", rng))
    if question.topic == "unknown":
        bad.append(good.with_core("wrong", rng))
    return [(item, good.text, rng.choice(bad).text)]


def _drafted(question: Question, core: Literal["refuse", "right"], rng: random.Random) -> Draft:
    plain = Draft(question=question, core=core, sentence=core_sentence(question, core, rng))
    if question.form == "one_sentence":
        return plain
    return dress(plain, rng.choice(("polite", "plain")), 0, rng)

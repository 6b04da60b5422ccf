"""Answers that stand already, as a comparison: the same texts, seeds and scores, at an address of their own.

Nothing is drawn. The same answers of the same person are one comparison, however often it is asked for.
"""

import hashlib
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite

from rlft_gui.domain.answers import BatchAnswer
from rlft_gui.domain.comparison import Comparison, Generation, GenerationStatus, ModelRef, Pane, Sampling
from rlft_gui.domain.recipe import LANTERN
from rlft_gui.domain.run import Run
from rlft_gui.services.comparisons.naming import ComparedModel, joined_bases, pane_of

_EARLIER = "The prompt has earlier turns, which the models were told and which are not shown here."
_DIFFERENT = (
    "They were drawn differently; what is drawn from here on is drawn as those of the first pane were."
)


@dataclass(frozen=True)
class StoredAnswers:
    """One model's stored answers to a prompt.

    Attributes:
        model: as Compare is asked for it.
        base: what the model is of; "" if that is not known.
        run: that trained it; None for a base, or where it is gone.
        answers: by seed, at least one.
        sampling: how they were drawn.
        system: what the model was told before the prompt.
        source: of whom the answers are, in words.
    """

    model: str
    base: str
    run: Run | None
    answers: tuple[BatchAnswer, ...]
    sampling: Sampling
    system: str
    source: str


def kept(prompt: str, stored: Sequence[StoredAnswers], *, is_chat: bool, user: str) -> Comparison:
    """The comparison, without the ids of items. `is_chat`: the prompt has turns before it."""
    bases = sorted({one.base for one in stored if one.base})
    panes = _panes(stored, bases)
    first = stored[0]
    draws = min(len(answers) for answers in panes.values())
    generations = tuple(
        _generation(pane, draw, answer)
        for pane, answers in enumerate(panes.values())
        for draw, answer in enumerate(answers)
    )
    is_lost = any(one.status is GenerationStatus.FAILED for one in generations)
    made = Comparison(
        id="",
        base=joined_bases(bases) or LANTERN,
        panes=tuple(panes),
        prompts=(prompt,),
        sampling=first.sampling.model_copy(update={"seed": first.answers[0].seed}),
        generations=generations,
        status=GenerationStatus.FAILED if is_lost else GenerationStatus.DONE,
        version=1,
        created_at=time.time(),
        note=_note(stored, is_chat),
        owner=user,
        system=first.system,
        draws=draws,
    )
    told = made.model_dump_json(exclude={"id", "created_at"})
    return made.model_copy(update={"id": f"c{hashlib.sha256(told.encode()).hexdigest()[:12]}"})


def _panes(stored: Sequence[StoredAnswers], bases: Sequence[str]) -> Mapping[Pane, Sequence[BatchAnswer]]:
    """Each model once, for Compare asks each once; what it was asked twice for stands in one pane."""
    found: dict[str, tuple[Pane, list[BatchAnswer]]] = {}
    for one in stored:
        ref = ModelRef.parse(one.model)
        if ref.is_base and len(bases) > 1:
            ref = ModelRef(named=one.base)
        pane = pane_of(ComparedModel(str(ref), ref, one.run), one.base)
        if one.run is None and ref.run_id:
            pane = pane.model_copy(update={"title": ref.run_id})
        found.setdefault(pane.model, (pane, []))[1].extend(one.answers)
    return dict(found.values())


def _generation(pane: int, draw: int, answer: BatchAnswer) -> Generation:
    scores = {name: float(one) for name, one in answer.scores.items() if isfinite(float(one))}
    return Generation(
        pane=pane,
        prompt_index=0,
        draw=draw,
        seed=answer.seed,
        checkpoint=answer.checkpoint,
        text=answer.text,
        tokens=answer.tokens,
        seconds=answer.seconds,
        finish=answer.finish,
        status=GenerationStatus.DONE if answer.error is None else GenerationStatus.FAILED,
        error=answer.error,
        scores=scores,
    )


def _note(stored: Sequence[StoredAnswers], is_chat: bool) -> str:
    sources = " and ".join(dict.fromkeys(one.source for one in stored))
    ways = {(one.sampling.model_copy(update={"seed": 0}), one.system) for one in stored}
    told = [f"These answers were stored before: {sources}."]
    return " ".join(told + [_DIFFERENT] * (len(ways) > 1) + [_EARLIER] * is_chat)

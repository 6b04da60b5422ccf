"""What a set of votes can ask about: the answers of its sources, joined by prompt.

A source is "comparison:ID" or "run:RUN", a run or a batch; `READERS` says how each is read, and a further kind is one name more there.
Sources that cannot be read any more give nothing: what was judged of them is kept.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Any, NamedTuple

from rlft_gui.domain.answers import BatchAnswer
from rlft_gui.domain.comparison import Comparison, Generation, GenerationStatus, ModelRef, Pane
from rlft_gui.domain.run import Run, Sample
from rlft_gui.domain.suite import SuitePrompt
from rlft_gui.domain.turns import Message
from rlft_gui.domain.vote_plan import Question
from rlft_gui.domain.votes import Answer, Choice, JudgedPrompt, VoteSet
from rlft_gui.services.answers.batching import BATCH
from rlft_gui.services.comparisons.asking import conversation
from rlft_gui.services.models.titles import base_title
from rlft_gui.services.pipelines.catalogue import BASE_PALETTE, palette
from rlft_gui.services.runs.labels import titled
from rlft_gui.storage import Storage

#: Who "wrote" an answer that was broken on purpose, to see whether raters read.
BROKEN = "broken on purpose"
#: Fewer different words in disorder may still read like an answer.
_WORDS_TO_BREAK = 8
_SHUFFLES = 20
_DRAWN = ("temperature", "top_p", "max_new_tokens")
#: Prompts of a set among which checks are looked for.
MOST_CHECKS = 200

Said = tuple[JudgedPrompt, Answer]


class Entry(NamedTuple):
    """What one ballot is about."""

    prompt_id: str
    a: str
    b: str | None


class Check(NamedTuple):
    """A pair whose right verdict is known."""

    about: Entry
    expected: Choice


@dataclass(frozen=True)
class Pool:
    prompts: dict[str, JudgedPrompt]
    answers: dict[str, Answer]
    entries: tuple[Entry, ...]
    checks: tuple[Check, ...]


def version(storage: Storage, votes: VoteSet) -> tuple[object, ...]:
    """Changes whenever `pool` would give something else; cheap to ask."""
    return tuple(_version(storage, source) for source in votes.sources)


def pool(storage: Storage, votes: VoteSet) -> Pool:
    """Everything that a set asks about. What is in it is not stored yet."""
    said = [one for source in votes.sources for one in read(storage, source)]
    prompts = {prompt.id: prompt for prompt, _ in said}
    answers = {answer.id: answer for _, answer in said}
    by_prompt: dict[str, list[Answer]] = {name: [] for name in prompts}
    for answer in answers.values():
        by_prompt[answer.prompt_id].append(answer)
    if votes.plan.question is not Question.PAIR:
        return Pool(
            prompts, answers, tuple(Entry(one.prompt_id, one.id, None) for one in answers.values()), ()
        )
    checks = [made for several in list(by_prompt.values())[:MOST_CHECKS] if (made := _check(several))]
    return Pool(
        prompts,
        {**answers, **{broken.id: broken for _, broken in checks}},
        _pairs(list(by_prompt.values())),
        tuple(check for check, _ in checks),
    )


def read(storage: Storage, source: str) -> Iterator[Said]:
    """The answers of a source with what they answer."""
    kind, _, name = source.partition(":")
    return READERS.get(kind, _nothing)(storage, name)


def _version(storage: Storage, source: str) -> object:
    kind, _, name = source.partition(":")
    if kind == "comparison":
        return storage.comparisons.state(name)
    return (
        (storage.reports.extents([name]).get(name), storage.answers.counts(name)) if kind == "run" else None
    )


def _pairs(by_prompt: Sequence[Sequence[Answer]]) -> tuple[Entry, ...]:
    """Of different models; of one model where there is only one. Two that say the same tell nothing."""
    only_one = len({answer.model for several in by_prompt for answer in several}) == 1
    return tuple(
        Entry(a.prompt_id, a.id, b.id)
        for several in by_prompt
        for a, b in combinations(several, 2)
        if a.text.strip() != b.text.strip() and (only_one or a.model != b.model)
    )


def _check(several: Sequence[Answer]) -> tuple[Check, Answer] | None:
    """An answer beside itself with its words in disorder, which must be stored; None where all are too short for it to be seen.

    Never two that say the same: a reader who must choose sees no mistake in choosing one.
    """
    whole = next((one for one in several if len(set(one.text.split())) >= _WORDS_TO_BREAK), None)
    if whole is None:
        return None
    broken = whole.model_copy(
        update={
            "model": BROKEN,
            "title": "Broken on purpose",
            "run_id": None,
            "text": _broken(whole.text),
            "facts": {},
        }
    )
    return Check(Entry(whole.prompt_id, whole.id, broken.id), Choice.A), broken


def _broken(text: str) -> str:
    """The disorder in which the fewest words follow those that they followed."""
    words, numbers = text.split(), random.Random(text)
    neighbours = set(pairwise(words))
    shuffled = (numbers.sample(words, len(words)) for _ in range(_SHUFFLES))
    return " ".join(min(shuffled, key=lambda one: sum(pair in neighbours for pair in pairwise(one))))


def _comparison(storage: Storage, name: str) -> Iterator[Said]:
    found = storage.comparisons.get(name)
    if found is None:
        return
    for one in found.generations:
        if one.status is GenerationStatus.DONE:
            yield _compared(found, found.panes[one.pane], one)


def _compared(found: Comparison, pane: Pane, one: Generation) -> Said:
    item = found.item_ids[one.prompt_index] if one.prompt_index < len(found.item_ids) else None
    # All that was said before, which in a conversation differs by pane: such answers make no pair.
    prompt = JudgedPrompt(messages=conversation(found, one), item_id=item or "")
    model = one.checkpoint or pane.model
    facts: dict[str, Any] = {
        "sampling": found.sampling.model_dump(mode="json") | {"seed": one.seed},
        "tokens": one.tokens,
        "finish": one.finish,
        "comparison": found.id,
        "base": found.base,
        "palette": pane.palette,
        "scores": one.scores,
    }
    run_id = ModelRef.parse(pane.model).run_id
    answer = Answer(
        prompt_id=prompt.id, model=model, text=one.text, title=pane.title, run_id=run_id, facts=facts
    )
    return prompt, answer


def _run(storage: Storage, name: str) -> Iterator[Said]:
    """The answers of a batch, or those that a run's newest probe has kept."""
    run = storage.runs.get(name)
    if run is not None and run.stage == BATCH:
        yield from _batch(storage, run)
        return
    samples = storage.reports.samples(name)
    if run is None or not samples:
        return
    newest = max(sample.step for sample in samples)
    for sample in samples:
        if sample.step == newest:
            yield _probed(run, sample)


def _batch(storage: Storage, batch: Run) -> Iterator[Said]:
    asked = {one.id: one for one in storage.answers.prompts(batch.id)}
    for one in storage.answers.answers(batch.id):
        if one.error is None:
            yield _batched(storage, batch, asked[one.item_id], one)


def _batched(storage: Storage, batch: Run, asked: SuitePrompt, one: BatchAnswer) -> Said:
    run_id = ModelRef.parse(one.model).run_id
    run = storage.runs.get(run_id) if run_id else None
    prompt = JudgedPrompt(messages=_told(batch, asked), item_id=asked.id, kind=asked.kind)
    own = {
        "base": batch.base,
        "palette": palette(run.method, run.stage) if run else BASE_PALETTE,
        "sampling": {name: batch.recipe.settings.get(name) for name in _DRAWN} | {"seed": one.seed},
        "tokens": one.tokens,
        "finish": one.finish,
        "scores": one.scores,
    }
    answer = Answer(
        prompt_id=prompt.id,
        model=one.checkpoint or one.model,
        text=one.text,
        title=titled(run) if run else base_title(batch.base) if run_id is None else one.model,
        run_id=run_id,
        facts=own,
    )
    return prompt, answer


def _told(batch: Run, asked: SuitePrompt) -> tuple[Message, ...]:
    """What the models were told: before a suite's own turns, the batch's system prompt."""
    system = str(batch.recipe.settings.get("system") or "")
    has_own = asked.messages[0]["role"] == "system"
    return (
        ({"role": "system", "content": system}, *asked.messages) if system and not has_own else asked.messages
    )


def _probed(run: Run, sample: Sample) -> Said:
    prompt = JudgedPrompt(
        messages=({"role": "user", "content": sample.prompt},), item_id=sample.item_id, kind=sample.kind
    )
    answer = Answer(
        prompt_id=prompt.id,
        model=f"{run.id}@{sample.step}",
        text=sample.completion,
        title=titled(run),
        run_id=run.id,
        facts={"base": run.base, "palette": palette(run.method, run.stage), "scores": sample.scores},
    )
    return prompt, answer


def _nothing(_storage: Storage, _name: str) -> Iterator[Said]:
    return iter(())


READERS: dict[str, Callable[[Storage, str], Iterator[Said]]] = {"comparison": _comparison, "run": _run}

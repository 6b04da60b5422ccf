"""Simulated raters of Lantern vote: on answers that its runs have given, or on sampled ones that come with it.

Which answers are shown, and which of them stands left, is drawn apart from what the rater says. So two raters that are asked
for as many votes judge the same pairs, and one of them may toss coins as a control.
"""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

from rlft_gui.domain.comparison import Sampling
from rlft_gui.domain.errors import InvalidInput, NotFound
from rlft_gui.domain.recipe import LANTERN
from rlft_gui.domain.run import Run
from rlft_gui.domain.suite import PromptItem
from rlft_gui.domain.votes import (
    Answer,
    Choice,
    JudgedPrompt,
    Rater,
    RaterKind,
    Side,
    Verdict,
    Vote,
    VoteKind,
    VoteSet,
)
from rlft_gui.lantern.annotators import ANNOTATORS, UNBIASED, Annotator
from rlft_gui.services.feedback.ballots import KINDS
from rlft_gui.services.feedback.votes import Votes
from rlft_gui.services.rights import Rights
from rlft_gui.services.runs.labels import name_of, titled
from rlft_gui.storage import Storage

POOL = "lantern:pool"
MOST = 5_000
_SCALE = 5
_NOTE = "Votes of simulated raters on Lantern."
_SIMULATED = (VoteKind.PAIR, VoteKind.THUMB, VoteKind.RATING)
#: What points are called by annotators, and by sets of votes unless they say otherwise.
_ATTRIBUTES = {"helpfulness": "helpful", "accuracy": "accurate", "safety": "safe"}
_WRITERS = {
    "sft": ("warm-up", "Lantern after a warm-up"),
    "base": ("base", "Lantern"),
    "contrast": ("script", "scripted answer"),
}
#: As `lantern/pool.py` and `training/run/probe.py` draw.
_PROBED = Sampling(temperature=1.0, top_p=1.0, max_new_tokens=64, seed=0).model_dump(mode="json")


class Shown(NamedTuple):
    """Two answers to one prompt, and what the annotator knows of it."""

    item: PromptItem
    first: Answer
    second: Answer


class Simulated(NamedTuple):
    """What was voted. `stored` votes are on answers of runs, the others on the pool that comes with Lantern."""

    votes: VoteSet
    rater: Rater
    numbers: tuple[int, ...]
    stored: int


class Simulating:
    """May be shared by threads."""

    def __init__(self, storage: Storage, votes: Votes) -> None:
        self._storage = storage
        self._votes = votes
        self._rights = Rights(storage)

    def simulate(
        self,
        n: int,
        *,
        annotator: str = UNBIASED,
        votes: str = "",
        runs: Sequence[str] = (),
        pool: bool = False,
        kind: VoteKind = VoteKind.PAIR,
        seed: int | None = None,
        user: str,
    ) -> Simulated:
        """Have a simulated rater vote.

        Args:
            n: how many votes.
            annotator: one of `ANNOTATORS`.
            votes: the set to vote in, made where there is none; "" for a new one.
            runs: on answers of these; () for those that the set is about, or in a new one for all runs on Lantern.
            pool: on answers of the pool alone, whose prompts no run is probed with.
            seed: which pairs; None goes on behind what the rater has voted in the set before.

        Raises:
            NotFound: there is no such annotator or run.
            InvalidInput: there are no such votes or answers, or the set asks about others.
        """
        self._rights.check_change(user)
        _check(n, kind)
        there = self._storage.votes.set_named(votes)
        if there is not None:
            _check_question(there, kind)
        person = annotator_named(annotator)
        rater = Rater(name=annotator, kind=RaterKind.SIMULATED)
        only = bool(runs)
        if there is not None and not runs and not pool:
            runs, only = _runs_of(there)
        stored = [] if pool or not (runs or there is None) else self._stored(runs)
        if only and not stored:
            raise InvalidInput(
                f"{', '.join(runs)} and the base have no different answers to the same prompts yet. Wait for their probes, or "
                "leave --runs out to vote on answers that come with Lantern."
            )
        start = len(self._storage.votes.votes(votes, rater=rater)) if seed is None else seed
        shown, of_runs = _drawn(stored, n, random.Random(f"pairs {start}"), only=only)
        if there is not None:
            _check_sources(there, shown)
        into = there or self._new_set(votes, annotator, shown, user)
        casting = _Casting(into, rater, person, kind)
        rng, sides = random.Random(f"{annotator} {start}"), random.Random(f"sides {start}")
        numbers = self._cast([casting.vote(one, rng, sides) for one in shown], shown)
        return Simulated(into, rater, numbers, of_runs)

    def _cast(self, cast: Sequence[Vote], shown: Sequence[Shown]) -> tuple[int, ...]:
        """The one place where votes are given. People's go through `Services.voting`, which shows them ballots first."""
        prompts = {one.first.prompt_id: judged_prompt(one.item) for one in shown}
        answers = {answer.id: answer for one in shown for answer in (one.first, one.second)}
        return self._votes.record(prompts.values(), answers.values(), cast)

    def _new_set(self, name: str, annotator: str, shown: Sequence[Shown], user: str) -> VoteSet:
        new = VoteSet(
            name=name or f"simulated by {annotator}",
            rubric="Which answer is better?",
            attributes=tuple(_ATTRIBUTES.values()),
            sources=_sources(shown),
            note=_NOTE,
        )
        return self._votes.create(new, user=user)

    def _stored(self, run_ids: Sequence[str]) -> list[Shown]:
        """Every two different answers to one prompt among the newest of the runs, and the base's."""
        from rlft_gui.lantern.suite import suite

        items = {item.id: item for item in suite()}
        said: dict[str, dict[str, Answer]] = {}
        for run in self._runs(run_ids):
            for item_id, answer in self._answers(run, items):
                said.setdefault(item_id, {}).setdefault(answer.text, answer)
        return [
            Shown(items[item_id], first, second)
            for item_id in sorted(said)
            for first, second in combinations(said[item_id].values(), 2)
        ]

    def _runs(self, run_ids: Sequence[str]) -> Sequence[Run]:
        known = self._storage.runs.list(oldest_first=True)
        if missing := sorted(set(run_ids) - {run.id for run in known}):
            raise NotFound(f'There is no run "{missing[0]}". `rlft runs` lists them.')
        chosen = [run for run in known if not run_ids or run.id in run_ids]
        if others := [run for run in chosen if run.base != LANTERN and run_ids]:
            raise InvalidInput(
                f"{name_of(others[0])} is on {others[0].base}; simulated raters know only Lantern's world. Choose runs on "
                "Lantern."
            )
        return [run for run in chosen if run.base == LANTERN]

    def _answers(self, run: Run, items: dict[str, PromptItem]) -> Iterator[tuple[str, Answer]]:
        """Of the newest look; and of the first one where that was at the base itself."""
        samples = [
            one for one in self._storage.reports.samples(run.id) if one.item_id in items and one.completion
        ]
        last = max((one.step for one in samples), default=0)
        for one in samples:
            is_base = one.step == 0 and run.parent_run_id is None
            if is_base or (one.step == last and last > 0):
                yield (
                    one.item_id,
                    Answer(
                        prompt_id=judged_prompt(items[one.item_id]).id,
                        model="base" if is_base else f"{run.id}@{one.step}",
                        text=one.completion,
                        title="Lantern" if is_base else titled(run),
                        run_id=None if is_base else run.id,
                        facts={"sampling": _PROBED},
                    ),
                )


class _Casting:
    """How one rater votes in one set."""

    def __init__(self, into: VoteSet, rater: Rater, person: Annotator, kind: VoteKind) -> None:
        self._into = into
        self._rater = rater
        self._person = person
        self._kind = kind
        self._at = time.time()

    def vote(self, shown: Shown, rng: random.Random, sides: random.Random) -> Vote:
        left: Side = "a" if sides.random() < 0.5 else "b"
        judges: dict[VoteKind, Callable[[], Verdict]] = {
            VoteKind.PAIR: lambda: self._prefers(shown, left, rng),
            VoteKind.THUMB: lambda: Verdict(is_good=self._person.approves(shown.item, shown.first.text, rng)),
            VoteKind.RATING: lambda: self._rates(shown, rng),
        }
        return Vote(
            votes=self._into.name,
            rater=self._rater,
            kind=self._kind,
            prompt_id=shown.first.prompt_id,
            a=shown.first.id,
            b=shown.second.id if self._kind is VoteKind.PAIR else None,
            left=left if self._kind is VoteKind.PAIR else "a",
            verdict=judges[self._kind](),
            rubric=self._into.rubric,
            created_at=self._at,
        )

    def _prefers(self, shown: Shown, left: Side, rng: random.Random) -> Verdict:
        texts = (shown.first.text, shown.second.text)
        first, second = texts if left == "a" else reversed(texts)
        likes_left = self._person.prefers_first(shown.item, first, second, rng)
        return Verdict(choice=Choice.A if likes_left == (left == "a") else Choice.B)

    def _rates(self, shown: Shown, rng: random.Random) -> Verdict:
        given = self._person.rates(shown.item, shown.first.text, rng)
        wanted = self._into.attributes
        scores = {
            short if (short := _ATTRIBUTES.get(name, name)) in wanted else name: points
            for name, points in given.items()
        }
        return Verdict(scores=scores, scale=_SCALE)


def annotator_named(name: str) -> Annotator:
    """The annotator of that name.

    Raises:
        NotFound: there is none.
    """
    for known, annotator in ANNOTATORS:
        if known == name:
            return annotator
    raise NotFound(
        f'There is no annotator "{name}". There are: {", ".join(known for known, _ in ANNOTATORS)}.'
    )


def judged_prompt(item: PromptItem) -> JudgedPrompt:
    """A prompt of Lantern as votes know it."""
    messages = ({"role": "user", "content": item.prompt},)
    return JudgedPrompt(messages=messages, item_id=item.id, kind=item.kind)


def _check(n: int, kind: VoteKind) -> None:
    if not 1 <= n <= MOST:
        raise InvalidInput(f"A simulated rater casts 1 to {MOST:,} votes at once, found {n:,}.")
    if kind not in _SIMULATED:
        raise InvalidInput(
            f'Simulated raters give no votes of the kind "{kind}". They give: {", ".join(_SIMULATED)}.'
        )


def _check_question(into: VoteSet, kind: VoteKind) -> None:
    """Sets that were made for simulated raters take all kinds; sets that people are asked in, what they ask for."""
    if any(source.startswith("file:") for source in into.sources):
        raise InvalidInput(
            f'"{into.name}" was imported from a file, and simulated raters know nothing of its answers. Name another set, or '
            "none for a new one."
        )
    asked = KINDS[into.plan.question]
    if into.note != _NOTE and kind is not asked:
        told = f"Ask for {asked}" if asked in _SIMULATED else "Name another set"
        raise InvalidInput(
            f'"{into.name}" asks people for votes of the kind {asked}, and these would be of the kind {kind}. {told}, or name '
            "no set for a new one."
        )


def _runs_of(into: VoteSet) -> tuple[tuple[str, ...], bool]:
    """The runs that a set is about, and whether it is about nothing else.

    Raises:
        InvalidInput: it is about nothing that simulated raters know.
    """
    runs = tuple(source.removeprefix("run:") for source in into.sources if source.startswith("run:"))
    only = POOL not in into.sources
    if only and not runs:
        raise InvalidInput(
            f'"{into.name}" is about no run on Lantern. Its sources: {", ".join(into.sources) or "none"}. Name another set, or '
            "none for a new one."
        )
    return runs, only


def _check_sources(into: VoteSet, shown: Sequence[Shown]) -> None:
    """What is judged must be of runs that the set is about."""
    sources = _sources(shown)
    if strange := [source for source in sources if source not in into.sources]:
        named = "answers that come with Lantern" if strange[0] == POOL else strange[0].removeprefix("run:")
        raise InvalidInput(
            f'"{into.name}" is not about {named}. Its sources: {", ".join(into.sources) or "none"}. Choose runs among them '
            "with --runs, or name no set for a new one."
        )


def _sources(shown: Sequence[Shown]) -> tuple[str, ...]:
    ids = sorted({one.run_id for pair in shown for one in (pair.first, pair.second) if one.run_id})
    is_pooled = any(not (pair.first.run_id or pair.second.run_id) for pair in shown)
    return (*(f"run:{run}" for run in ids), *((POOL,) if is_pooled else ()))


def _drawn(stored: list[Shown], n: int, rng: random.Random, only: bool) -> tuple[list[Shown], int]:
    """So many pairs, first of what runs have answered; with `only`, of nothing else."""
    found = rng.sample(stored, min(n, len(stored)))
    of_runs = len(found)
    if not only and len(found) < n:
        found += _pooled(n - len(found), rng)
    rng.shuffle(found)
    return found, of_runs


def _pooled(n: int, rng: random.Random) -> list[Shown]:
    from rlft_gui.lantern.datasets import mixed_pairs
    from rlft_gui.lantern.pairs import writers

    known = writers()

    def answer(item: PromptItem, text: str) -> Answer:
        model, title = _WRITERS[known.get((item.prompt, text), "contrast")]
        facts = {"sampling": {"temperature": 1.0}} if model != "script" else {}
        return Answer(prompt_id=judged_prompt(item).id, model=model, text=text, title=title, facts=facts)

    return [Shown(item, answer(item, a), answer(item, b)) for _, (item, a, b) in mixed_pairs(n, rng)]

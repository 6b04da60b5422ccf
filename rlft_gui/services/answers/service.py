"""One table of answers across runs, joined by prompt: batches, and what every run's probe wrote at a step.

A column is named "BATCH:MODEL" for a model of a batch, or "probe:RUN" or "probe:RUN@step" for what a run's own probe kept, the
newest step where none is named. Prompts are joined by their ids, which batches and probes give alike.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from rlft_gui.domain.answers import BatchAnswer
from rlft_gui.domain.comparison import ModelRef, Sampling
from rlft_gui.domain.errors import InvalidInput, NotFound
from rlft_gui.domain.recipe import ParentRef
from rlft_gui.domain.run import Run, Sample
from rlft_gui.domain.suite import SuitePrompt
from rlft_gui.domain.turns import Message, said
from rlft_gui.services.answers.batching import BATCH
from rlft_gui.services.answers.drawn import OF_PROBE, Drawn, of_batch
from rlft_gui.services.answers.joined import Asked, Cell, Joined, join
from rlft_gui.services.comparisons.keeping import StoredAnswers
from rlft_gui.services.runs.outputs import is_policy
from rlft_gui.services.runs.service import Runs
from rlft_gui.services.shared import Shared
from rlft_gui.storage import Storage

MOST_COLUMNS = 8
PROBE = "probe:"
PROBE_SEED = 0  #: what every probe draws with (training/run/probe.py)
_KEPT = 4  #: joined tables


@dataclass(frozen=True)
class Column:
    """One column of the table.

    Attributes:
        key: as it was asked for.
        source: the batch or the run whose answers these are; None if it is gone.
        run: the run that wrote them; None for a base, or where it is gone.
        model: what Compare is asked for to have the same model answer.
        step: of the checkpoint; None for a base.
        steps: at which the run's probe kept answers, where this is a probe's column.
    """

    key: str
    source: Run | None
    run: Run | None
    model: str
    step: int | None
    steps: tuple[int, ...] = ()

    @property
    def is_probe(self) -> bool:
        return self.key.startswith(PROBE)

    @property
    def drawn(self) -> Drawn | None:
        """How its answers were drawn; None where the batch that tells is gone."""
        if self.is_probe:
            return OF_PROBE
        return of_batch(self.source) if self.source else None


@dataclass(frozen=True)
class StoredRow:
    """Stored answers to one prompt; `is_chat` if the prompt has turns before it."""

    question: str
    panes: tuple[StoredAnswers, ...]
    is_chat: bool


class Answers:
    """Safe to share between threads."""

    def __init__(self, storage: Storage, runs: Runs) -> None:
        self._rows = storage.answers
        self._runs = runs
        self._joined = Shared[Joined](_KEPT, seconds=2.0)

    def batches(self, limit: int = 50) -> tuple[Run, ...]:
        """Newest first."""
        return tuple(run for run in self._runs.list(limit=500) if run.stage == BATCH)[:limit]

    def probed(self, limit: int = 100) -> tuple[Run, ...]:
        """Runs of which a probe may have kept answers, newest first."""
        return tuple(run for run in self._runs.list(limit=500) if is_policy(run))[:limit]

    def counts(self, run_id: str) -> tuple[int, int]:
        """How many answers a batch has, and how many of them failed."""
        return self._rows.counts(run_id)

    def columns_of(self, batch_id: str) -> tuple[str, ...]:
        """The keys of all models of a batch, in the order in which it was asked.

        Raises:
            NotFound: there is no such batch.
        """
        run = self._runs.get(batch_id)
        if run.stage != BATCH:
            raise NotFound(f"{batch_id} is no batch, so it has no table of answers.")
        models = run.recipe.settings.get("models", ())
        return tuple(f"{batch_id}:{model}" for model in models)[:MOST_COLUMNS]

    def of_batch(self, batch_id: str) -> tuple[tuple[SuitePrompt, ...], tuple[BatchAnswer, ...]]:
        """What a batch asks, and what it was answered so far: by model, prompt and seed.

        Raises:
            NotFound: there is no such batch.
        """
        self.columns_of(batch_id)
        return self._rows.prompts(batch_id), self._rows.answers(batch_id)

    def columns(self, keys: Sequence[str]) -> tuple[Column, ...]:
        """What stands behind keys.

        Raises:
            InvalidInput: there are too many, or one is no key.
        """
        if len(keys) > MOST_COLUMNS:
            raise InvalidInput(f"{len(keys)} columns were asked for; {MOST_COLUMNS} fit. Take some away.")
        return tuple(self._column(key) for key in dict.fromkeys(keys))

    def joined(self, columns: Sequence[Column]) -> Joined:
        """The table of these columns; what other processes write appears within seconds."""
        question = (tuple((one.key, one.step) for one in columns), self._runs.changes())
        return self._joined.get(question, lambda: self._join(columns))

    def stored(self, columns: Sequence[Column], item_id: str) -> StoredRow:
        """What is stored of the answers to a prompt, for a comparison.

        Raises:
            NotFound: none of these columns has an answer to it.
        """
        joined = self.joined(columns)
        row = joined.cells.get(item_id, {})
        if not row:
            raise NotFound("None of these models has an answer to that prompt any more. Reload the page.")
        messages = self._messages(columns, item_id)
        own = said(messages[0]) if messages and messages[0]["role"] == "system" else ""
        asked = next(one for one in joined.asked if one.item_id == item_id)
        found = tuple(_stored(column, row[column.key], own) for column in columns if column.key in row)
        turns = [one for one in messages if one["role"] != "system"]
        return StoredRow(asked.question, found, is_chat=len(turns) > 1)

    def _messages(self, columns: Sequence[Column], item_id: str) -> Sequence[Message]:
        """As a batch asked them; probes keep the question alone."""
        for column in columns:
            if not column.is_probe:
                for one in self._rows.prompts(column.key.partition(":")[0]):
                    if one.id == item_id:
                        return one.messages
        return ()

    def _column(self, key: str) -> Column:
        if key.startswith(PROBE):
            ref = ParentRef.parse(key.removeprefix(PROBE))
            run = self._find(ref.run_id)
            steps = self._rows.probed_steps(ref.run_id)
            step = ref.step if ref.step is not None else (steps[-1] if steps else None)
            model = ref.run_id if step is None else f"{ref.run_id}@{step}"
            return Column(key, run, run, model, step, steps)
        batch, colon, model = key.partition(":")
        if not colon or not model:
            raise InvalidInput(
                f'"{key[:100]}" names no column. Write BATCH:MODEL, probe:RUN or probe:RUN@step.'
            )
        asked = ModelRef.parse(model)
        run = self._find(asked.run_id) if asked.run_id else None
        return Column(key, self._find(batch), run, model, asked.step)

    def _find(self, run_id: str) -> Run | None:
        try:
            return self._runs.get(run_id)
        except NotFound:
            return None

    def _join(self, columns: Sequence[Column]) -> Joined:
        asked: dict[str, Asked] = {}
        found: dict[str, dict[str, list[BatchAnswer]]] = {}
        for column in columns:
            answers = found.setdefault(column.key, {})
            for one in self._of_probe(column, asked) if column.is_probe else self._of_batch(column, asked):
                answers.setdefault(one.item_id, []).append(one)
        return join(tuple(asked.values()), found)

    def _of_batch(self, column: Column, asked: dict[str, Asked]) -> Sequence[BatchAnswer]:
        batch = column.key.partition(":")[0]
        for one in self._rows.prompts(batch):
            known = asked.get(one.id)
            if known is None or (one.right and not known.right):
                asked[one.id] = Asked(one.id, one.kind, one.question, one.right)
        return self._rows.answers(batch, [column.model])

    def _of_probe(self, column: Column, asked: dict[str, Asked]) -> Sequence[BatchAnswer]:
        if column.step is None or column.run is None:
            return ()
        samples = self._rows.probed(column.run.id, column.step)
        for one in samples:
            asked.setdefault(one.item_id, Asked(one.item_id, one.kind, one.prompt))
        return [_answer(column.model, one) for one in samples]


def _answer(model: str, sample: Sample) -> BatchAnswer:
    return BatchAnswer(
        model=model,
        item_id=sample.item_id,
        seed=PROBE_SEED,
        checkpoint=model,
        text=sample.completion,
        scores=dict(sample.scores),
    )


def apart(columns: Sequence[Column], joined: Joined) -> tuple[str, ...]:
    """In what ways columns were drawn differently, so that their means do not compare. What is not known is passed over."""
    prompts: dict[str, set[str]] = {}  # a batch asks all its models the same, however far it is with each
    for item, row in joined.cells.items():
        for key in row:
            prompts.setdefault(_asker(key), set()).add(item)
    ways: dict[str, set[object]] = {}
    for column in columns:
        known = {"prompts": frozenset(found)} if (found := prompts.get(_asker(column.key))) else {}
        for name, value in {**known, **(column.drawn.way if column.drawn else {})}.items():
            ways.setdefault(name, set()).add(value)
    return tuple(name for name, values in ways.items() if len(values) > 1)


def _asker(key: str) -> str:
    return key if key.startswith(PROBE) else key.partition(":")[0]


def _stored(column: Column, cell: Cell, system: str) -> StoredAnswers:
    source, drawn = column.source, column.drawn or Drawn(Sampling())
    batch = column.key.partition(":")[0]
    of_base = source.base if source and column.run is None and column.model == "base" else ""
    return StoredAnswers(
        model=column.model,
        base=column.run.base if column.run else of_base,
        run=column.run,
        answers=cell.answers,
        sampling=drawn.sampling,
        system=system or drawn.system,
        source=f"by the probe of {column.model}" if column.is_probe else f"by the batch {batch}",
    )

"""What the stages that generate rows do alike: take prompts, let the policy answer them, and write what comes of it.

A stage's train() calls `begin` and hands `generate` a function that works on one batch of prompts. Whatever is drawn is
seeded by the run's seed, the prompt and its place, so the rows are the same whatever the batch size, and whether or
not the run was stopped on the way. Steps are prompts that are done. No torch at the top.
"""

import hashlib
import json
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from rlft_gui.data.generated import RowsWriter
from rlft_gui.data.rows import load_rows
from rlft_gui.domain.charts import ROWS
from rlft_gui.domain.comparison import Sampling
from rlft_gui.domain.dataset import DataType, RowAccount
from rlft_gui.domain.errors import InvalidInput, blaming
from rlft_gui.domain.failure import FailureKind
from rlft_gui.domain.metrics import Metric
from rlft_gui.domain.recipe import Recipe
from rlft_gui.domain.reporting import LOADING, Reporter
from rlft_gui.stages._shared.settings import GeneratingSettings
from rlft_gui.training.models import adapters, loading
from rlft_gui.training.models.sampling import Completion, Message, context_length, encode_prompt, sample
from rlft_gui.training.rows import PROMPT_REPEATED, Arranged, Row, prompt_key
from rlft_gui.training.run import threads, trainers
from rlft_gui.training.run.watch import STEP_PATIENCE

NO_ROOM = "the prompt leaves no room for an answer"
NOT_ASKED = "more prompts than this run asks"
EMPTY = "the answer is empty"
CUT = "the answer was cut at the longest answer"

#: Reported by every stage that generates rows, and by no other.
OWN_METRICS = (
    Metric(
        name="made/rows",
        title="Rows made",
        unit="rows",
        panel=ROWS,
        about="Rows written so far.",
        from_zero=True,
    ),
    Metric(
        name="made/kept",
        title="Prompts kept",
        unit="share",
        panel=ROWS,
        about="Share of prompts that gave a row. The others are counted by reason in the dataset's account.",
        from_zero=True,
    ),
)
#: Reported by every stage that generates rows.
METRICS = ("made/rows", "made/kept", "length/mean", "length/truncated")


@dataclass(frozen=True)
class SamplingPolicy:
    """The model that answers: the base, or a run's checkpoint."""

    model: Any
    tokenizer: Any
    base_hash: str
    name: str  #: in words


@dataclass(frozen=True)
class Prompt:
    """One prompt to work on.

    Attributes:
        place: its number among all that this pipeline works through, over rounds; what is drawn for it depends on it.
        row: the row of the data that it is from, with whatever columns that has.
    """

    place: int
    row: Row

    @property
    def messages(self) -> list[Message]:
        messages: list[Message] = self.row["prompt"]
        return messages

    def columns(self) -> Row:
        """What a row that is made of it keeps: the prompt, and the answer that a verifier compares with."""
        return {name: self.row[name] for name in ("prompt", "answer") if name in self.row}


@dataclass(frozen=True)
class Question:
    """What the policy is asked once, and the seed of its answer."""

    messages: Sequence[Message]
    seed: int


@dataclass(frozen=True)
class GeneratedBatch:
    """What came of some prompts: rows, a reason for each prompt that gave none, and metrics."""

    rows: Sequence[Row]
    dropped: Sequence[str]
    metrics: Mapping[str, float]


@dataclass
class GeneratingStart:
    """Where an attempt begins."""

    recipe: Recipe
    reporter: Reporter
    settings: GeneratingSettings
    writer: RowsWriter
    policy: SamplingPolicy
    prompts: "Prompts"
    _lengths: list[tuple[int, bool]] = field(default_factory=list, init=False)

    def answers(self, questions: Sequence[Question]) -> list[Completion | None]:
        """The policy's answers, in order; None to a question that leaves no room for one."""
        answers: list[Completion | None] = [None] * len(questions)
        rooms = [self._room(question.messages) for question in questions]
        order = sorted(range(len(questions)), key=lambda i: rooms[i], reverse=True)
        # By room, for the longest question of a batch would otherwise cut its neighbours' answers.
        for room, group in groupby(order, key=lambda i: rooms[i]):
            if room > 0:
                self._draw(questions, list(group), room, answers)
        return answers

    def seed(self, prompt: Prompt, *what: int | str) -> int:
        """A seed for one thing that is drawn for a prompt."""
        return _seed(self.recipe.seed, prompt.place, *what)

    def sampled(self) -> dict[str, float]:
        """Lengths of what was drawn since this was last asked."""
        lengths, self._lengths = self._lengths, []
        if not lengths:
            return {}
        tokens, cut = zip(*lengths, strict=True)
        return {"length/mean": sum(tokens) / len(tokens), "length/truncated": sum(cut) / len(cut)}

    def _room(self, messages: Sequence[Message]) -> int:
        most, context = self.settings.max_new_tokens, context_length(self.policy.model)
        return (
            most
            if context is None
            else min(most, context - len(encode_prompt(self.policy.tokenizer, messages)))
        )

    def _draw(
        self, questions: Sequence[Question], group: Sequence[int], room: int, answers: list[Completion | None]
    ) -> None:
        drawn = sample(
            self.policy.model,
            self.policy.tokenizer,
            [questions[i].messages for i in group],
            Sampling(temperature=self.settings.temperature, max_new_tokens=room),
            seeds=[questions[i].seed for i in group],
        )
        for index, completion in zip(group, drawn, strict=True):
            answers[index] = completion
            self._lengths.append((len(completion.token_ids), is_cut(completion)))


@dataclass(frozen=True)
class Prompts:
    """The different prompts of a dataset, shuffled once, and taken in turn: a later round goes on behind an earlier
    one, and after the last comes the first again, with other draws."""

    rows: Sequence[Row]
    first: int
    count: int

    def batches(self, done: int, size: int) -> Iterator[list[Prompt]]:
        """What is left after `done` prompts. Batches end at multiples of their size, whatever was done before."""
        while done < self.count:
            end = min(self.count, (done // size + 1) * size)
            places = range(self.first + done, self.first + end)
            yield [Prompt(place, self.rows[place % len(self.rows)]) for place in places]
            done = end


def begin(
    recipe: Recipe,
    reporter: Reporter,
    settings: GeneratingSettings,
    makes: DataType,
    arrange: Callable[[list[Row]], Arranged] = lambda rows: Arranged(rows, {}),
) -> GeneratingStart:
    """Load the policy and the prompts, and see what an earlier attempt has generated.

    Args:
        arrange: makes of the stored rows those to work on, and counts those it leaves out.

    Raises:
        NotFound, InvalidInput: base, parent or data cannot be used.
    """
    writer = RowsWriter(reporter.folder, makes)
    if reporter.attempt > 1:
        reporter.resumed(writer.prompts or -1)
    reporter.phase(LOADING)
    trainers.quiet_libraries()
    arranged = arrange(load_rows(reporter.folder.home, settings.data))
    prompts = _prompts(arranged.rows, recipe, settings)
    reporter.data(_account(arranged, prompts))
    if not arranged.rows:
        why = ", ".join(f"{count} are left out ({reason})" for reason, count in arranged.dropped.items())
        told = f"No prompt is left to answer: {why}. Choose other data, or another reward."
        with blaming(FailureKind.BAD_DATA):
            raise InvalidInput(told)
    return GeneratingStart(
        recipe=recipe,
        reporter=reporter,
        settings=settings,
        writer=writer,
        policy=_policy(recipe, reporter),
        prompts=prompts,
    )


def generate(
    start: GeneratingStart,
    name: str,
    work: Callable[[Sequence[Prompt]], GeneratedBatch],
    facts: Mapping[str, str | int | float],
) -> None:
    """Work through the prompts, batch by batch, and declare the rows complete; or return early if asked to stop.

    Args:
        name: what the rows are called in lists.

    Raises:
        InvalidInput: no prompt gave a row.
        Stopped: the run is to stop; the prompts under way are taken again.
    """
    reporter, writer, prompts = start.reporter, start.writer, start.prompts
    reporter.plan(prompts.count, {**_facts(start), **facts})
    reporter.phase("sampling")
    for batch in prompts.batches(writer.prompts, start.settings.batch_size):
        if reporter.stop_requested():
            return
        with reporter.interruptible(STEP_PATIENCE):  # nothing of a batch counts before it is appended
            result = work(batch)
        told = {
            "made/rows": writer.count() + len(result.rows),
            "made/kept": 1 - len(result.dropped) / len(batch),
            **start.sampled(),
            **result.metrics,
        }
        # Told before it counts as done: an attempt that a kill ends in between tells it again.
        reporter.metrics(writer.prompts + len(batch), told)
        writer.append(result.rows, prompts=len(batch), dropped=result.dropped)
    reporter.phase("saving")
    writer.finish(name)


def several(start: GeneratingStart, prompts: Sequence[Prompt], count: int) -> list[list[Completion | None]]:
    """So many answers to each prompt."""
    answers = start.answers(
        [Question(prompt.messages, start.seed(prompt, k)) for prompt in prompts for k in range(count)]
    )
    return [answers[i : i + count] for i in range(0, len(answers), count)]


def is_cut(completion: Completion) -> bool:
    return completion.finish == "cut at the limit"


def fault(completion: Completion | None) -> str | None:
    """Why nothing should be imitated of an answer; None if nothing is wrong with it.

    A cut answer would teach to stop in the middle, for whoever learns from it sees an end where it was cut.
    """
    if completion is None:
        return NO_ROOM
    if not completion.text:
        return EMPTY
    return CUT if is_cut(completion) else None


def assistant(text: str) -> list[Message]:
    return [{"role": "assistant", "content": text}]


def _policy(recipe: Recipe, reporter: Reporter) -> SamplingPolicy:
    cores = threads.Cores.now()
    base_hash = loading.base_hash(recipe.base)
    if recipe.parent is None:
        model, tokenizer = loading.load_base(recipe.base)
        name = f"the base {recipe.base}"
    else:
        home = reporter.folder.home
        path, marker = adapters.parent_checkpoint(home, recipe.parent, recipe.base, base_hash)
        is_full = marker.kind == "full"
        model, tokenizer = loading.load_base(str(path) if is_full else recipe.base)
        model = model if is_full else adapters.continued(model, path)
        name = f"{recipe.parent.run_id}@{marker.step}"
    threads.settle(model, reporter, cores)
    return SamplingPolicy(model.eval(), tokenizer, base_hash, name)


def _prompts(rows: Sequence[Row], recipe: Recipe, settings: GeneratingSettings) -> Prompts:
    different = list({prompt_key(row): row for row in reversed(rows)}.values())[::-1]
    random.Random(_seed(recipe.seed, "order")).shuffle(different)
    return Prompts(different, recipe.round * settings.prompts, settings.prompts)


def _account(arranged: Arranged, prompts: Prompts) -> RowAccount:
    """Prompts that are asked several times count once."""
    different = len(prompts.rows)
    asked = min(prompts.count, different)
    repeated = len(arranged.rows) - different
    left_out = {**arranged.dropped, PROMPT_REPEATED: repeated, NOT_ASKED: different - asked}
    dropped = {reason: count for reason, count in left_out.items() if count}
    return RowAccount(given=asked + sum(dropped.values()), trained=asked, dropped=dropped)


def _facts(start: GeneratingStart) -> dict[str, str | int | float]:
    device = "CUDA, bfloat16" if start.policy.model.device.type == "cuda" else "CPU, float32"
    return {
        "device": device,
        **threads.facts(start.policy.model.device),
        "answers by": start.policy.name,
        "different prompts in the data": len(start.prompts.rows),
    }


def _seed(*parts: int | str) -> int:
    return int.from_bytes(hashlib.sha256(json.dumps(parts).encode()).digest()[:4], "big") >> 1

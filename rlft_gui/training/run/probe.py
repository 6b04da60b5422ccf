"""The probe: the same look at a model, whatever the method that trains it.

Held-out prompts are answered at temperature 1 with a fixed seed and scored; the KL divergence is measured against
the pipeline's base: with every adapter off, or where the whole model is trained, a frozen base beside it. On Lantern
the prompts are its suite and the scores are gold; on other models they are prompts of the run's own data, and there
are none but those that the pipeline's measure gives. Where Lantern learns from somebody's own data, prompts of it are answered
beside the suite and measured apart from it.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import groupby
from math import sqrt
from statistics import fmean, stdev
from typing import Any

from rlft_gui.data.origin import is_own, recipe_in
from rlft_gui.domain.comparison import PROBE_SAMPLING
from rlft_gui.domain.home import Home, RunFolder
from rlft_gui.domain.recipe import LANTERN, Recipe
from rlft_gui.domain.reporting import Reporter
from rlft_gui.training.models.likelihood import answer_logprobs, base_logprobs
from rlft_gui.training.models.sampling import Completion, Message, sample
from rlft_gui.training.rows import TOKENS, Row, Rows, prompt_key
from rlft_gui.training.run.handed_on import LastProbe, ShownSample, keep, last_probe, suite_hash, weights_hash
from rlft_gui.training.run.held_scoring import HeldScoring

SAMPLING = PROBE_SAMPLING
MOST_OWN_PROMPTS = 32  #: on other models than Lantern, where one answer may take seconds
LEAST_PROMPTS = 8
ROWS_AT_ONCE = 128
#: Nats a token by which float32 may differ between reading at once and token by token.
ROUNDING = 1e-5
_FULL_BYTES = 4
SHOWN_PER_KIND = 1  #: live samples; on own prompts, which are all of one kind, SHOWN_OWN
SHOWN_OWN = 4
#: Of a run's events, that answers of its probes may take; from then on only those that its page shows are kept.
KEPT_BYTES = 8_000_000
_OF_ONE = 300  #: bytes of an answer in the events, beside its texts
BEGUN = 24  #: tokens of a document to go on from, or half of a shorter one


@dataclass(frozen=True)
class ProbePrompt:
    """One held-out prompt. `score` maps an answer to its scores, "gold" among them."""

    source: str  #: in words, e.g. "held out from the data"
    id: str
    kind: str
    messages: tuple[Message, ...]
    score: Callable[[str], Mapping[str, float]] | None = None
    row: Row | None = None  #: where it is held out from a person's own data
    begun: tuple[
        int, ...
    ] = ()  #: of a document: its first tokens, to go on from; `messages` then only show them


@dataclass(frozen=True)
class ProbeAnswer:
    """One answer as measured. `kl` is log π(answer) − log π_base(answer), in nats."""

    kind: str
    tokens: int
    is_cut: bool
    kl: float
    scores: Mapping[str, float] = field(default_factory=dict)


class Probe:
    """Looks at a model through fixed prompts, or beginnings of documents; call within `evaluating`.

    Args:
        base: the pipeline's base; None if `model` is a PeftModel over it.
        beside: prompts of own data, where those asked are others.
        base_hash: the base's content hash.
        parent: the checkpoint that the run begins with, as "RUN@step".
        scoring: scores answers to prompts that have a row; None where no prompts are held out from own data.
    """

    def __init__(
        self,
        model: Any,
        tokenizer: Any,
        prompts: Sequence[ProbePrompt],
        reporter: Reporter,
        base: Any = None,
        beside: Sequence[ProbePrompt] = (),
        base_hash: str = "",
        parent: str | None = None,
        scoring: HeldScoring | None = None,
    ) -> None:
        self.source = ""  #: where the probe before the first step was taken from, if it was
        self.spared_seconds = 0.0  #: by that
        self._kept_bytes = _kept(reporter.folder)
        self._is_thinning_told = self._kept_bytes > KEPT_BYTES
        self._base_hash = base_hash
        self._parent = parent
        self._model = model
        self._base = base
        self._tokenizer = tokenizer
        self._prompts = prompts
        self._beside = beside
        self._reporter = reporter
        self._scoring = scoring

    @property
    def about(self) -> str:
        """How many prompts there are to ask and where they are from, for the recipe card."""
        what = "beginnings of documents" if self._prompts[0].begun else "prompts"
        return f"{len(self._prompts)} {what}, {self._prompts[0].source}"

    def look(self, step: int, count: int | None = None, seconds: float | None = None) -> dict[str, float]:
        """Answer, score and report everything at this step; returns the metrics.

        Args:
            count: how many of the prompts to ask, the first ones; all of them if left out.
            seconds: that answering may take, where it is to be found out how many prompts that is.
        """
        if step == 0 and (last := self._of_parent(count, is_free=seconds is not None)):
            self.source = f"taken over from {self._parent}, the same model"
            self.spared_seconds = last.values["probe/seconds"]
            return self._report(step, last, self._measured(step, self._beside, self._answer(self._beside)))
        started = time.monotonic()
        # Always the same seed, so that two steps differ by the model alone and not by luck.
        if seconds is None:
            completions = self._answer([*self._prompts[:count], *self._beside])
        else:
            completions = self._answer_within(seconds) + self._answer(self._beside)
        asked = len(completions) - len(self._beside)
        measured = self._measured(step, self._prompts[:asked], completions[:asked])
        values = summary(measured.answers) | measured.held | {"probe/seconds": time.monotonic() - started}
        suite = self._suite(self._prompts[:asked])
        probe = LastProbe(step=step, suite=suite, values=values, samples=measured.shown)
        return self._report(step, probe, self._measured(step, self._beside, completions[asked:]))

    def _measured(
        self, step: int, prompts: Sequence[ProbePrompt], completions: Sequence[Completion]
    ) -> "_Measured":
        kl = self._kl(completions)
        scores = [
            dict(prompt.score(completion.text)) if prompt.score else {}
            for prompt, completion in zip(prompts, completions, strict=True)
        ]
        held = {}
        if self._scoring and (rows := [prompt.row for prompt in prompts if prompt.row]):
            scores = self._scoring.scores(step, rows, completions)
            held = self._scoring.measured(rows, completions, kl, scores)
        answers = [
            ProbeAnswer(prompt.kind, len(c.token_ids), c.finish == "cut at the limit", kl[i], scores[i])
            for i, (prompt, c) in enumerate(zip(prompts, completions, strict=True))
        ]
        every = [_sample(*one) for one in zip(prompts, completions, scores, strict=True)]
        return _Measured(answers, held, tuple(self._within_budget(step, prompts, every)))

    def _within_budget(
        self, step: int, prompts: Sequence[ProbePrompt], every: Sequence[ShownSample]
    ) -> list[ShownSample]:
        """All answers while there is room for them; then those that the run's page shows, which is said once."""
        size = sum(_OF_ONE + len((one.question + one.answer).encode()) for one in every)
        if self._kept_bytes + size <= KEPT_BYTES:
            self._kept_bytes += size
            return list(every)
        shown = [every[i] for i in _shown(prompts)]
        if not self._is_thinning_told and len(shown) < len(every):
            self._is_thinning_told = True
            self._reporter.alarm(
                step,
                "answers_thinned",
                f"The answers of this run's probes fill {KEPT_BYTES // 10**6} MB. From step {step} on {len(shown)} of the "
                f"{len(every)} of each probe are kept, the first of each kind; what is measured stays the same.",
            )
        return shown

    def _report(self, step: int, probe: LastProbe, beside: "_Measured") -> dict[str, float]:
        """Tell it, as of this step, and keep it; what was asked beside is told alone, for a run that continues this one
        asks it anew."""
        self._reporter.metrics(step, probe.values | beside.held)
        for one in (*probe.samples, *beside.shown):
            self._reporter.sample(step, one.id, one.kind, one.question, one.answer, one.scores)
        weights = weights_hash(self._reporter.folder, step)
        keep(self._reporter.folder, probe.model_copy(update={"step": step, "weights": weights}))
        return probe.values

    def _of_parent(self, count: int | None, *, is_free: bool) -> LastProbe | None:
        """The last probe of the run that this one continues, if it asked the very model of this run's start the same, and as
        much; where the amount `is_free`, as much as that one did."""
        if self._parent is None:
            return None
        run_id, _, step = self._parent.rpartition("@")
        folder = self._reporter.folder.home.run(run_id)
        last = last_probe(folder)
        if last is None or last.weights is None or last.weights != weights_hash(folder, int(step)):
            return None
        asked = int(last.values["probe/prompts"])
        is_enough = is_free or asked == len(self._prompts[:count])
        return last if is_enough and last.suite == self._suite(self._prompts[:asked]) else None

    def _suite(self, prompts: Sequence[ProbePrompt]) -> str:
        rows = [prompt.row for prompt in prompts if prompt.row]
        scored = self._scoring.identity(rows) if self._scoring and rows else ""
        return suite_hash(self._base_hash, prompts, SAMPLING, str(self._model.dtype), scored)

    def _answer(self, prompts: Sequence[ProbePrompt]) -> list[Completion]:
        """In as few batches as there may be, prompts of like length together, which spares padding."""
        order = sorted(range(len(prompts)), key=lambda i: _characters(prompts[i]))
        found: dict[int, Completion] = {}
        for start in range(0, len(order), ROWS_AT_ONCE):
            batch = order[start : start + ROWS_AT_ONCE]
            asked = [prompts[i].messages for i in batch]
            # Either all are documents or none is: they are of one dataset.
            begun = [prompts[i].begun for i in batch] if prompts[batch[0]].begun else None
            drawn = sample(self._model, self._tokenizer, asked, SAMPLING, with_logprobs=True, begun=begun)
            found |= zip(batch, drawn, strict=True)
        return [found[i] for i in range(len(prompts))]

    def _answer_within(self, seconds: float) -> list[Completion]:
        """As many prompts, the first ones, as take no longer; LEAST_PROMPTS in any case.

        Twice as many take twice as long at most, for larger batches are no slower.
        """
        began, completions, count = time.monotonic(), list[Completion](), LEAST_PROMPTS
        while True:
            completions += self._answer(self._prompts[len(completions) : count])
            if count >= len(self._prompts) or 2 * (time.monotonic() - began) > seconds:
                return completions
            count *= 2

    def _kl(self, completions: Sequence[Completion]) -> list[float]:
        """Per answer the k1 estimate of the KL divergence from the base: unbiased, on the model's own samples.

        Source: Schulman, "Approximating KL Divergence" (2020).
        """
        # At temperature 1 and top-p 1, as drawn: other sampling would make this another quantity.
        own, others = self._own_logprobs(completions), base_logprobs(self._model, self._base, completions)
        return [
            mine - other if abs(mine - other) > ROUNDING * len(drawn.token_ids) else 0.0
            for drawn, mine, other in zip(completions, own, others, strict=True)
        ]

    def _own_logprobs(self, completions: Sequence[Completion]) -> list[float]:
        """As drawn. In half precision they are taken again: token by token such a model rounds otherwise than at once, by
        hundredths of a nat, and what the base's reading rounds alike cancels out."""
        # On a GPU float32 weights too compute in bfloat16, by a trainer's autocast that the dtype does not tell of.
        if self._model.device.type != "cpu" or self._model.dtype.itemsize < _FULL_BYTES:
            return answer_logprobs(self._model, completions)
        return [completion.logprob for completion in completions]


@dataclass(frozen=True)
class _Measured:
    """Of some prompts: each answer, what it comes to by the measure of own data, and what is shown."""

    answers: Sequence[ProbeAnswer]
    held: dict[str, float]
    shown: tuple[ShownSample, ...]


def _kept(folder: RunFolder) -> int:
    """Bytes that answers of earlier attempts take in the events."""
    if not folder.events.exists():
        return 0
    with folder.events.open("rb") as lines:
        return sum(len(line) for line in lines if b'"kind":"sample"' in line)


def _sample(prompt: ProbePrompt, completion: Completion, scores: dict[str, float]) -> ShownSample:
    return ShownSample(
        id=prompt.id,
        kind=prompt.kind,
        question=prompt.messages[-1]["content"],
        answer=completion.text,
        scores=scores,
    )


def _characters(prompt: ProbePrompt) -> int:
    return sum(len(message["content"]) for message in prompt.messages)


def summary(answers: Sequence[ProbeAnswer]) -> dict[str, float]:
    """The probe's metrics. Means are over prompts; only KL per token is over all tokens."""
    tokens = sum(answer.tokens for answer in answers)
    values = {
        "probe/kl/seq": fmean(answer.kl for answer in answers),
        "probe/kl/token": sum(answer.kl for answer in answers) / tokens,
        "probe/length": tokens / len(answers),
        "probe/truncated": fmean(answer.is_cut for answer in answers),
        "probe/prompts": len(answers),
    }
    gold = [answer.scores["gold"] for answer in answers if "gold" in answer.scores]
    if gold:
        values |= _interval("probe/gold", gold)
        values |= _means_by_kind(answers)
        values |= _means_by_criterion(answers)
    return values


def prompts_for(base: str, rows: Rows, count: int, tokenizer: Any) -> tuple[ProbePrompt, ...]:
    """What to ask: Lantern's suite, or prompts of the data, held out where there are enough."""
    own = min(count, MOST_OWN_PROMPTS)
    return _suite_prompts(count) if base == LANTERN else _own_prompts(rows, own, tokenizer)


def is_judged_on_own(recipe: Recipe, rows: Rows, home: Home) -> bool:
    """Whether held-out prompts of a person's own data are what counts, or are measured beside Lantern's suite, as everywhere
    but where Lantern learns from its own world and nobody names a measure. Never where no prompts are held out."""
    is_named = recipe.base != LANTERN or bool(recipe.measure)
    own = is_named or is_own(str(recipe.settings.get("data", "")), partial(recipe_in, home))
    return own and bool(rows.judged_on)


def prompts_beside(recipe: Recipe, rows: Rows, count: int, tokenizer: Any) -> tuple[ProbePrompt, ...]:
    """Held-out prompts of the data that are measured beside Lantern's suite; none where the probe asks them anyway."""
    own = min(count, MOST_OWN_PROMPTS)
    return _own_prompts(rows, own, tokenizer) if recipe.base == LANTERN else ()


def _suite_prompts(count: int) -> tuple[ProbePrompt, ...]:
    from rlft_gui.lantern.gold import score
    from rlft_gui.lantern.suite import suite

    return tuple(
        ProbePrompt(
            source="Lantern's suite",
            id=item.id,
            kind=item.kind,
            messages=({"role": "user", "content": item.prompt},),
            score=partial(score, item),
        )
        for item in suite(count)
    )


def _own_prompts(rows: Rows, count: int, tokenizer: Any) -> tuple[ProbePrompt, ...]:
    is_held_out = bool(rows.judged_on)
    kind, source = ("held out", rows.judged_on) if is_held_out else ("training", rows.train)
    different: dict[str, Row] = {}
    for row in source:
        different.setdefault(prompt_key(row), row)
    told = "held out from the data" if is_held_out else "trained on, for none are held out"
    return tuple(
        _begun(told, f"own-{key[:12]}", kind, row, tokenizer)
        if "text" in row
        else ProbePrompt(
            source=told,
            id=f"own-{key[:12]}",
            kind=kind,
            messages=tuple(row["prompt"]),
            row=row if is_held_out else None,
        )
        for key, row in list(different.items())[:count]
    )


def _begun(source: str, id: str, kind: str, row: Row, tokenizer: Any) -> ProbePrompt:
    """The beginning of a document. It has no row to be scored by: nothing that scores answers knows what a document asks."""
    read, learnt = row[TOKENS]["prompt"], row[TOKENS]["completion"]
    begun = (*read, *learnt[: min(BEGUN, len(learnt) // 2)])
    text = tokenizer.decode(begun, skip_special_tokens=True)
    return ProbePrompt(source, id, kind, ({"role": "user", "content": text},), begun=begun)


def _shown(prompts: Sequence[ProbePrompt]) -> tuple[int, ...]:
    """Which prompts are reported as live samples: the first of each kind."""
    by_kind = [list(group) for _, group in groupby(range(len(prompts)), key=lambda i: prompts[i].kind)]
    each = SHOWN_PER_KIND if len(by_kind) > 1 else SHOWN_OWN
    return tuple(index for group in by_kind for index in group[:each])


def _interval(name: str, values: Sequence[float]) -> dict[str, float]:
    """Mean and its 95 % interval over prompts, from the normal approximation."""
    mean = fmean(values)
    half = 1.96 * stdev(values) / sqrt(len(values)) if len(values) > 1 else 0.0
    return {name: mean, f"{name}/low": mean - half, f"{name}/high": mean + half}


def _means_by_kind(answers: Sequence[ProbeAnswer]) -> dict[str, float]:
    kinds = dict.fromkeys(answer.kind for answer in answers)
    return {
        f"probe/kind/{kind}": fmean(a.scores["gold"] for a in answers if a.kind == kind) for kind in kinds
    }


def _means_by_criterion(answers: Sequence[ProbeAnswer]) -> dict[str, float]:
    names = dict.fromkeys(name for answer in answers for name in answer.scores if name != "gold")
    return {
        f"probe/score/{name}": fmean(a.scores[name] for a in answers if name in a.scores) for name in names
    }

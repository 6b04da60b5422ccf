"""AI feedback: a judge compares several answers to each prompt, and what it prefers becomes preference rows.

Every two answers are compared in both orders and averaged into a soft label (Lee et al. 2023, "RLAIF"). By a rubric,
every criterion is asked about; by a constitution, each pair by one principle drawn for it (Bai et al. 2022,
"Constitutional AI", section 4.1). Answers are drawn from the policy, or come with the data. On Lantern the judge's
agreement with gold is plotted; nothing is chosen by it.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import combinations
from statistics import fmean
from typing import Literal

from pydantic import Field

from rlft_gui.domain.dataset import ANY_PROMPTS, DataType
from rlft_gui.domain.errors import Stopped
from rlft_gui.domain.metrics import Metric
from rlft_gui.domain.recipe import LANTERN, Recipe
from rlft_gui.domain.reporting import Reporter
from rlft_gui.domain.rubric import Criterion, Rubric
from rlft_gui.stages._base import Stage
from rlft_gui.stages._shared.generating import (
    METRICS,
    OWN_METRICS,
    GeneratedBatch,
    GeneratingStart,
    Prompt,
    assistant,
    begin,
    generate,
    several,
)
from rlft_gui.stages._shared.memory import Settings, generating, pairs_of, with_judge
from rlft_gui.stages._shared.settings import GeneratingSettings, JudgeSettings
from rlft_gui.stages._shared.texts import ConstitutionSetting
from rlft_gui.training import judges
from rlft_gui.training.estimate.held import Given, Held
from rlft_gui.training.judges import Judge, Pair
from rlft_gui.training.judges.scoring import Choice, JudgedPair, Preferred, preference, preferred, scores
from rlft_gui.training.rewards import Context
from rlft_gui.training.rows import Row

FEW = "fewer than two different answers"
UNSURE = "no pair is preferred surely enough"
JUDGING = "judging"
_DIGITS = 4  #: of stored numbers


class AIFeedbackSettings(JudgeSettings, GeneratingSettings):
    candidates: int = Field(
        4,
        ge=2,
        le=16,
        title="Answers per prompt",
        description="How many answers are drawn and compared. Data that has candidates brings its own.",
        json_schema_extra={"group": "basic"},
    )
    by: Literal["rubric", "constitution"] = Field(
        "rubric",
        title="Judged by",
        description="rubric asks about every criterion of the rubric. constitution asks about each pair by one principle "
        "of the constitution, drawn at random.",
        json_schema_extra={"group": "basic"},
    )
    constitution: ConstitutionSetting = Field(
        "helpful-honest-harmless",
        title="Constitution",
        description="The principles, where answers are judged by a constitution.",
        validate_default=True,
        json_schema_extra={"group": "basic", "control": "constitution", "needs": [["by", "constitution"]]},
    )
    pairs: Choice = Field(
        "best_vs_worst",
        title="Pairs",
        description="Which pairs become rows: the best answer with the worst, the best with another one at random, or "
        "all.",
        json_schema_extra={"group": "advanced"},
    )
    least_preference: float = Field(
        0.55,
        ge=0.5,
        lt=1,
        title="Least preference",
        description="Pairs whose winner the judge is less sure of are left out. 0.5 keeps all.",
        json_schema_extra={"group": "advanced"},
    )


@dataclass(frozen=True)
class Bench:
    """Where answers are judged."""

    start: GeneratingStart
    settings: AIFeedbackSettings
    rubric: Rubric
    judge: Judge

    def criteria(self, prompt: Prompt, first: int, second: int) -> Sequence[Criterion]:
        """What to ask about two of a prompt's answers: every criterion, or one principle drawn for these two."""
        if self.settings.by == "rubric":
            return [criterion for criterion in self.rubric.criteria if criterion.weight]
        return [self.draw(prompt, "principle", first, second).choice(self.rubric.criteria)]

    def draw(self, prompt: Prompt, *what: int | str) -> random.Random:
        """Randomness for one thing about a prompt."""
        return random.Random(self.start.seed(prompt, *what))


@dataclass(frozen=True)
class Judged:
    """One prompt's answers, all comparisons of them, and the pairs that come of it."""

    prompt: Prompt
    answers: Sequence[str]
    comparisons: Sequence[JudgedPair]
    pairs: Sequence[Preferred]


def train(recipe: Recipe, reporter: Reporter) -> None:
    """Run one attempt; see domain.reporting for what is said on the way.

    Raises:
        NotFound, InvalidInput: base, parent, data or judge cannot be used, or no pair was preferred.
        JudgeFailed: the judge did not answer for as long as was to be waited.
        Stopped: the run is to stop while the judge works; what was made before is kept.
    """
    settings = AIFeedbackSettings.model_validate(recipe.settings)
    start = begin(recipe, reporter, settings, DataType.PREFERENCES)
    if _brings_candidates(start):
        # Each once: the same candidates judged again would only repeat their rows.
        start.prompts = replace(start.prompts, first=0, count=min(settings.prompts, len(start.prompts.rows)))
    rubric = settings.rubric if settings.by == "rubric" else judges.by_principles(settings.constitution)
    judge = judges.build(settings, rubric, _context(start), phase=JUDGING)
    bench = Bench(start, settings, rubric, judge)
    facts = {"judge": settings.judge, f"judged by the {settings.by}": rubric.name}
    generate(start, f"Preferences of the judge {settings.judge}", partial(_batch, bench), facts)


def _batch(bench: Bench, prompts: Sequence[Prompt]) -> GeneratedBatch:
    reporter = bench.start.reporter
    answers = _answers(bench, prompts)
    reporter.phase(JUDGING)
    judged = [_judged(bench, prompt, own) for prompt, own in zip(prompts, answers, strict=True)]
    reporter.phase("sampling")
    rows = [row for one in judged for row in _rows(one)]
    dropped = [UNSURE if one.comparisons else FEW for one in judged if not one.pairs]
    return GeneratedBatch(rows, dropped, _metrics(judged, bench.start.recipe.base))


def _brings_candidates(start: GeneratingStart) -> bool:
    return "candidates" in start.prompts.rows[0]


def _answers(bench: Bench, prompts: Sequence[Prompt]) -> list[list[str]]:
    """The different answers to each prompt, in the order in which they came; empty ones are left out."""
    if _brings_candidates(bench.start):
        found = [[answer[-1]["content"] for answer in prompt.row["candidates"]] for prompt in prompts]
    else:
        drawn = several(bench.start, prompts, bench.settings.candidates)
        found = [[c.text for c in completions if c is not None] for completions in drawn]
    # Each once: an answer compared with itself would count as a tie and water the scores down.
    return [list(dict.fromkeys(text for text in answers if text.strip())) for answers in found]


def _judged(bench: Bench, prompt: Prompt, answers: Sequence[str]) -> Judged:
    """All comparisons of one prompt's answers, asked at once. What else is in the batch does not change them."""
    if bench.start.reporter.stop_requested():
        raise Stopped(
            "It was stopped on request while answers were judged; the prompts under way are taken again."
        )
    if len(answers) < 2:
        return Judged(prompt, answers, (), ())
    asked = [
        (first, second, criterion)
        for first, second in combinations(range(len(answers)), 2)
        for criterion in bench.criteria(prompt, first, second)
    ]
    # By prompt, not by batch, so that a stop can fall between two prompts.
    pairs = [Pair(prompt.messages, answers[i], answers[j], c.question) for i, j, c in asked]
    comparisons = [
        JudgedPair(i, j, criterion.name, criterion.weight, judgement)
        for (i, j, criterion), judgement in zip(asked, judges.both_orders(bench.judge, pairs), strict=True)
    ]
    settings = bench.settings
    kept = preferred(
        comparisons, len(answers), settings.pairs, settings.least_preference, bench.draw(prompt, "pair")
    )
    return Judged(prompt, answers, comparisons, kept)


def _rows(judged: Judged) -> list[Row]:
    return [
        {
            **judged.prompt.columns(),
            "chosen": assistant(judged.answers[pair.chosen]),
            "rejected": assistant(judged.answers[pair.rejected]),
            "preference": round(pair.preference, _DIGITS),
            "source": "judge",
            "made": _account(judged, pair),
        }
        for pair in judged.pairs
    ]


def _account(judged: Judged, pair: Preferred) -> dict[str, str | float]:
    """How a pair came about, to be read beside it: every answer with its scores, and what the judge said."""
    own = [c for c in judged.comparisons if {c.first, c.second} == {pair.chosen, pair.rejected}]
    criteria = [c.criterion for c in own]
    account: dict[str, str | float] = {"judged by": ", ".join(criteria)}
    scored = {"score": scores(judged.comparisons, len(judged.answers))}
    if len(criteria) > 1:
        scored |= {name: _scores_by(judged, name) for name in criteria}
    for place, text in enumerate(judged.answers):
        account[f"answer {place + 1}"] = text
        for name, values in scored.items():
            account[f"{name} of answer {place + 1}"] = round(values[place], _DIGITS)
    account["consistency"] = round(fmean(c.judgement.is_consistent for c in judged.comparisons), _DIGITS)
    if rationale := "\n".join(c.judgement.rationale for c in own if c.judgement.rationale):
        account["rationale"] = rationale
    return account


def _scores_by(judged: Judged, criterion: str) -> list[float]:
    own = [c for c in judged.comparisons if c.criterion == criterion]
    return scores(own, len(judged.answers))


def _metrics(judged: Sequence[Judged], base: str) -> dict[str, float]:
    asked = [c.judgement for one in judged for c in one.comparisons]
    if not asked:
        return {}
    found = {
        "judge/consistency": fmean(judgement.is_consistent for judgement in asked),
        "judge/first": fmean(judgement.shown_first_is_better for judgement in asked),
    }
    if pairs := [pair for one in judged for pair in one.pairs]:
        found["judge/preference"] = fmean(pair.preference for pair in pairs)
    if base == LANTERN and (agreed := [hit for one in judged for hit in _agreements(one)]):
        found["judge/agreement"] = fmean(agreed)
    return found


def _agreements(judged: Judged) -> list[bool]:
    """Whether judge and gold prefer the same answer, for each two whose gold differs. For plots only."""
    from rlft_gui.lantern.gold import score
    from rlft_gui.lantern.recognising import item_of

    item = item_of(judges.as_text(judged.prompt.messages))
    gold = [score(item, text)["gold"] for text in judged.answers]
    return [
        (preference(judged.comparisons, one, other) - 0.5) * (gold[one] - gold[other]) > 0
        for one, other in combinations(range(len(gold)), 2)
        # Sums of the same criteria in another order may differ in the last digit.
        if abs(gold[one] - gold[other]) > 1e-9
    ]


def _context(start: GeneratingStart) -> Context:
    policy = start.policy
    return Context(
        recipe=start.recipe,
        reporter=start.reporter,
        base_hash=policy.base_hash,
        tokenizer=policy.tokenizer,
        policy=lambda: policy.model,
    )


def holds(settings: Settings, given: Given) -> Held:
    """What it holds in memory: all answers to a prompt are compared at once."""
    drawing = generating(settings, given, samples=settings["candidates"])
    criteria = settings["rubric"]["criteria"] if settings["by"] == "rubric" else (None,)
    return with_judge(settings, given, drawing, asked=pairs_of(settings["candidates"]) * len(criteria))


_OWN_METRICS = (
    Metric(
        name="judge/consistency",
        title="Judge's consistency",
        unit="share",
        panel="Judge",
        about="Share of comparisons with the same winner when the two answers swap places. Below 0.8 the judge is unsure "
        "or goes by place; answers that are alike lower it too.",
        from_zero=True,
    ),
    Metric(
        name="judge/first",
        title="Judge's liking for the first",
        unit="probability",
        panel="Judge",
        about="Mean probability that the answer shown first is better. 0.5 is fair; the rest is averaged out by asking "
        "both ways round.",
        from_zero=True,
    ),
    Metric(
        name="judge/preference",
        title="Preference",
        unit="probability",
        panel="Judge",
        about="Mean probability, by the judge, that the chosen answer of a kept pair is better. Near 0.5 the labels are "
        "mostly noise.",
    ),
    Metric(
        name="judge/agreement",
        title="Judge agrees with gold",
        unit="share",
        panel="Judge",
        about="On Lantern, the share of comparisons that the judge decides as gold does. For plots only; it is what the "
        "labels are worth at best.",
        from_zero=True,
    ),
)


STAGE = Stage(
    name="ai_feedback",
    title="AI feedback",
    about="A judge compares the model's answers and labels which is better.",
    settings=AIFeedbackSettings,
    train=train,
    holds=holds,
    data=ANY_PROMPTS,
    produces=DataType.PREFERENCES,
    metrics=(*METRICS, "judge/consistency", "judge/first", "judge/preference"),
    own_metrics=(*OWN_METRICS, *_OWN_METRICS),
)

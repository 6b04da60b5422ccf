"""The first phase of Constitutional AI: the model drafts an answer, criticises it by a principle, and revises it.

With several revisions each starts from the one before, by another principle. Every prompt gives a row, also where the
revision left the draft as it was: what was fine should stay likely, and dropping it would leave only what was wrong.
Paper: Bai et al. 2022, "Constitutional AI: Harmlessness from AI Feedback", section 3.1. Here the model is asked anew
each time, in the constitution's words, rather than in one conversation that grows; examples in the prompt are left out.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from statistics import fmean

from pydantic import Field

from rlft_gui.domain.constitution import Constitution, Principle
from rlft_gui.domain.dataset import ANY_PROMPTS, DataType
from rlft_gui.domain.metrics import Metric
from rlft_gui.domain.recipe import LANTERN, Recipe
from rlft_gui.domain.reporting import Reporter
from rlft_gui.stages._base import Stage
from rlft_gui.stages._shared.generating import (
    METRICS,
    OWN_METRICS,
    GeneratedBatch,
    GeneratingStart,
    Prompt,
    Question,
    assistant,
    begin,
    generate,
    is_cut,
)
from rlft_gui.stages._shared.memory import Settings, generating, tokens_of
from rlft_gui.stages._shared.settings import GeneratingSettings
from rlft_gui.stages._shared.texts import ConstitutionSetting
from rlft_gui.training.estimate.held import Given, Held
from rlft_gui.training.judges.filling import as_text, filled
from rlft_gui.training.rows import Row


class CritiqueRevisionSettings(GeneratingSettings):
    constitution: ConstitutionSetting = Field(
        "helpful-honest-harmless",
        title="Constitution",
        description="The principles, and how the model is asked to criticise and revise by them.",
        validate_default=True,
        json_schema_extra={"group": "basic", "control": "constitution"},
    )
    revisions: int = Field(
        1,
        ge=1,
        le=16,
        title="Revisions",
        description="How often each answer is criticised and revised, each time by another principle.",
        json_schema_extra={"group": "basic"},
    )


@dataclass
class Work:
    """One prompt on its way: all answers so far, the draft first, and the critiques between them."""

    prompt: Prompt
    principles: Sequence[Principle]
    answers: list[str] = field(default_factory=list)
    critiques: list[str] = field(default_factory=list)
    fault: str | None = None

    def principle(self, number: int) -> Principle:
        """Another one for each revision, until all have been used."""
        return self.principles[number % len(self.principles)]


def train(recipe: Recipe, reporter: Reporter) -> None:
    """Run one attempt; see domain.reporting for what is said on the way.

    Raises:
        NotFound, InvalidInput: base, parent or data cannot be used, or no prompt gave a row.
    """
    settings = CritiqueRevisionSettings.model_validate(recipe.settings)
    start = begin(recipe, reporter, settings, DataType.DEMONSTRATIONS)
    facts: dict[str, str | int | float] = {
        "constitution": f"{settings.constitution.name}, {len(settings.constitution.principles)} principles",
        "revisions per prompt": settings.revisions,
    }
    generate(start, "Revised answers", partial(_batch, start, settings), facts)


def _batch(
    start: GeneratingStart, settings: CritiqueRevisionSettings, prompts: Sequence[Prompt]
) -> GeneratedBatch:
    works = [Work(prompt, _shuffled(start, prompt, settings.constitution)) for prompt in prompts]
    _draft(start, works)
    for number in range(settings.revisions):
        _criticise(start, settings.constitution, works, number)
        _revise(start, settings.constitution, works, number)
    done = [work for work in works if work.fault is None]
    dropped = [work.fault for work in works if work.fault is not None]
    return GeneratedBatch(
        [_row(work) for work in done], dropped, _metrics(done, on_lantern=start.recipe.base == LANTERN)
    )


def _shuffled(start: GeneratingStart, prompt: Prompt, constitution: Constitution) -> Sequence[Principle]:
    """The principles in the order in which this prompt meets them."""
    count = len(constitution.principles)
    # Shuffled for each prompt, so that a few revisions use all principles evenly over the rows.
    return random.Random(start.seed(prompt, "principles")).sample(constitution.principles, count)


def _draft(start: GeneratingStart, works: Sequence[Work]) -> None:
    def question(work: Work) -> Question:
        return Question(work.prompt.messages, start.seed(work.prompt, "draft"))

    _ask(start, works, "draft", question, lambda work: work.answers)


def _criticise(
    start: GeneratingStart, constitution: Constitution, works: Sequence[Work], number: int
) -> None:
    def question(work: Work) -> Question:
        text = filled(constitution.critique, _values(work, number))
        return Question(_user(text), start.seed(work.prompt, "critique", number))

    _ask(start, works, "critique", question, lambda work: work.critiques)


def _revise(start: GeneratingStart, constitution: Constitution, works: Sequence[Work], number: int) -> None:
    def question(work: Work) -> Question:
        text = filled(constitution.revision, {**_values(work, number), "critique": work.critiques[-1]})
        return Question(_user(text), start.seed(work.prompt, "revision", number))

    _ask(start, works, "revision", question, lambda work: work.answers, whole=True)


def _values(work: Work, number: int) -> dict[str, str]:
    prompt, principle = as_text(work.prompt.messages), work.principle(number).text
    return {"prompt": prompt, "answer": work.answers[-1], "principle": principle}


def _user(text: str) -> list[dict[str, str]]:
    return [{"role": "user", "content": text}]


def _ask(
    start: GeneratingStart,
    works: Sequence[Work],
    what: str,
    question: Callable[[Work], Question],
    texts: Callable[[Work], list[str]],
    *,
    whole: bool = False,
) -> None:
    """Ask about each prompt that is still on its way, and note why one goes no further.

    Args:
        what: the name of what is asked for.
        texts: where the answer goes.
        whole: a cut answer is a fault; else it is only read, and may break off.
    """
    asked = [work for work in works if work.fault is None]
    for work, answer in zip(asked, start.answers([question(work) for work in asked]), strict=True):
        if answer is None:
            work.fault = f"what asks for the {what} leaves no room for it"
        elif not answer.text:
            work.fault = f"the {what} is empty"
        elif whole and is_cut(answer):
            work.fault = f"the {what} was cut at the longest answer"
        else:
            texts(work).append(answer.text)


def _row(work: Work) -> Row:
    account = {"draft": work.answers[0]}
    for number, (critique, revision) in enumerate(zip(work.critiques, work.answers[1:], strict=True)):
        place = f" {number + 1}" if len(work.critiques) > 1 else ""
        account[f"principle{place}"] = work.principle(number).name
        account[f"critique{place}"] = critique
        account[f"revision{place}"] = revision
    return {**work.prompt.columns(), "completion": assistant(work.answers[-1]), "made": account}


def _metrics(done: Sequence[Work], *, on_lantern: bool) -> dict[str, float]:
    if not done:
        return {}
    metrics = {
        "revision/changed": fmean(work.answers[-1] != work.answers[0] for work in done),
        "revision/length": _words(done, -1) / _words(done, 0),
    }
    if on_lantern:
        metrics |= {"revision/gold/before": _gold(done, 0), "revision/gold/after": _gold(done, -1)}
    return metrics


def _words(done: Sequence[Work], which: int) -> float:
    return fmean(len(work.answers[which].split()) for work in done)


def _gold(done: Sequence[Work], which: int) -> float:
    """What the drafts or the last revisions are worth. For plots only; nothing that is made depends on it."""
    from rlft_gui.lantern.gold import score
    from rlft_gui.lantern.recognising import item_of

    return fmean(score(item_of(as_text(w.prompt.messages)), w.answers[which])["gold"] for w in done)


def holds(settings: Settings, given: Given) -> Held:
    """What it holds in memory: the longest it is asked is to revise, with prompt, draft and critique."""
    asking = tokens_of(settings["constitution"], "revision")
    revising = asking + given.lengths.prompt + 2 * settings["max_new_tokens"]
    turns = 1 + 2 * settings["revisions"]
    return generating(settings, given, turns=turns, prompt=revising)


_OWN_METRICS = (
    Metric(
        name="revision/changed",
        title="Revised",
        unit="share",
        panel="Revisions",
        about="Share of drafts that their revision changed. Near 0 the critiques find nothing; near 1 look whether good "
        "answers are spoiled too.",
        from_zero=True,
    ),
    Metric(
        name="revision/length",
        title="Length of revisions",
        unit="× drafts",
        panel="Revisions",
        about="Words of the revisions over words of the drafts. Far from 1, length may be all that was revised.",
        from_zero=True,
    ),
    Metric(
        name="revision/gold/before",
        title="Drafts, gold score",
        unit="",
        panel="Revisions",
        about="Mean gold score of the drafts, on Lantern only. Nothing that is made depends on it.",
    ),
    Metric(
        name="revision/gold/after",
        title="Revisions, gold score",
        unit="",
        panel="Revisions",
        about="Mean gold score of the revisions, on Lantern only. Above the drafts', the critiques help.",
    ),
)


STAGE = Stage(
    name="critique_revision",
    title="Critique and revision",
    about="Drafts an answer, criticises it by a principle, and revises it.",
    settings=CritiqueRevisionSettings,
    train=train,
    holds=holds,
    data=ANY_PROMPTS,
    produces=DataType.DEMONSTRATIONS,
    metrics=(*METRICS, "revision/changed", "revision/length"),
    own_metrics=(*OWN_METRICS, *_OWN_METRICS),
)

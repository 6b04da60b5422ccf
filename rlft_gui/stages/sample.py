"""Several answers to each prompt, drawn from the policy and kept as they are, for a judge to label.

Cut answers stay: they are what the policy does, and a judge may say so. Empty ones go.
"""

from collections.abc import Sequence
from functools import partial

from pydantic import Field

from rlft_gui.domain.dataset import ANY_PROMPTS, DataType
from rlft_gui.domain.recipe import Recipe
from rlft_gui.domain.reporting import Reporter
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
from rlft_gui.stages._shared.memory import Settings, generating
from rlft_gui.stages._shared.settings import GeneratingSettings
from rlft_gui.training.estimate.held import Given, Held
from rlft_gui.training.rows import Row

FEW = "fewer than two of its answers say something"


class SampleSettings(GeneratingSettings):
    samples_per_prompt: int = Field(
        4,
        ge=2,
        le=64,
        title="Answers per prompt",
        description="How many answers are drawn to each prompt.",
        json_schema_extra={"group": "basic"},
    )


def train(recipe: Recipe, reporter: Reporter) -> None:
    """Run one attempt; see domain.reporting for what is said on the way.

    Raises:
        NotFound, InvalidInput: base, parent or data cannot be used, or no prompt gave a row.
    """
    settings = SampleSettings.model_validate(recipe.settings)
    start = begin(recipe, reporter, settings, DataType.CANDIDATES)
    facts = {"answers per prompt": settings.samples_per_prompt}
    generate(start, "Sampled answers", partial(_batch, start, settings), facts)


def _batch(start: GeneratingStart, settings: SampleSettings, prompts: Sequence[Prompt]) -> GeneratedBatch:
    drawn = several(start, prompts, settings.samples_per_prompt)
    answered = [
        (prompt, [c.text for c in completions if c is not None and c.text])
        for prompt, completions in zip(prompts, drawn, strict=True)
    ]
    rows = [_row(prompt, texts) for prompt, texts in answered if len(texts) > 1]
    return GeneratedBatch(rows, [FEW] * (len(prompts) - len(rows)), {})


def _row(prompt: Prompt, texts: Sequence[str]) -> Row:
    return {**prompt.columns(), "candidates": [assistant(text) for text in texts]}


def holds(settings: Settings, given: Given) -> Held:
    """What it holds in memory."""
    return generating(settings, given, samples=settings["samples_per_prompt"])


STAGE = Stage(
    name="sample",
    title="Sample",
    about="Draws several answers to each prompt.",
    settings=SampleSettings,
    train=train,
    holds=holds,
    data=ANY_PROMPTS,
    produces=DataType.CANDIDATES,
    metrics=METRICS,
    own_metrics=OWN_METRICS,
)

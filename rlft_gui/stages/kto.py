"""Kahneman-Tversky optimisation on TRL's KTOTrainer: single answers marked good or bad, each judged against the
reference and against what the model does on average.

Takes marked answers, or pairs, which are taken apart. The order is drawn here, once, with the run's seed: TRL reads
rows in the order given, for each answer's neighbour in its batch serves to estimate the average, and its own taking
apart would put all good answers first. Paper: Ethayarajh et al. 2024, "KTO: Model Alignment as Prospect Theoretic
Optimization". It leaves out the variant without that estimate (APO).
"""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from pydantic import Field

from rlft_gui.domain.dataset import DataType
from rlft_gui.domain.errors import InvalidInput, blaming
from rlft_gui.domain.failure import FailureKind
from rlft_gui.domain.metrics import Metric
from rlft_gui.domain.recipe import Recipe
from rlft_gui.domain.reporting import Reporter
from rlft_gui.stages._base import Stage
from rlft_gui.stages._shared.memory import Settings, learning_from_rows
from rlft_gui.stages._shared.settings import TrainingSettings, batch_size, learning_rate
from rlft_gui.stages._shared.training import (
    begin,
    common_arguments,
    datasets,
    finish,
    frozen_copy,
    reference_name,
)
from rlft_gui.training.estimate.held import Given, Held
from rlft_gui.training.rows import TOKENS, Arranged, Row
from rlft_gui.training.run.divergence import Divergence
from rlft_gui.training.run.longest_first import rows_longest_first
from rlft_gui.training.run.trainers import InRunFolder, TakesTokens

#: Weighted good answers per weighted bad one that the paper found to work (its equation 8).
BALANCED = (1.0, 4 / 3)


class KTOSettings(TrainingSettings):
    data: str = Field(
        title="Data",
        description="Answers marked good or bad, or preferences, which count as one good and one bad answer each.",
        json_schema_extra={"group": "basic", "control": "data"},
    )
    learning_rate: float = learning_rate(
        5e-6,
        "Size of the update steps, well below that of SFT. 5e-6 suits adapters of models with billions "
        "of parameters; tiny models want far more.",
    )
    batch_size: int = batch_size(
        16,
        "Answers per forward pass. What the model does on average is estimated within it, so fewer than "
        "4 will not do, and 16 to 128 are usual.",
        least=4,
    )
    beta: float = Field(
        0.1,
        gt=0,
        le=10,
        title="Beta",
        description="How tightly the model is held to its reference. Higher changes it less.",
        json_schema_extra={"group": "basic"},
    )
    desirable_weight: float = Field(
        1.0,
        ge=0,
        le=100,
        title="Weight of good answers",
        description="With more bad answers than good ones, raise it until good and bad weigh from 1 : 1 to 4 : 3.",
        json_schema_extra={"group": "advanced"},
    )
    undesirable_weight: float = Field(
        1.0,
        ge=0,
        le=100,
        title="Weight of bad answers",
        description="With more good answers than bad ones, raise it until good and bad weigh from 1 : 1 to 4 : 3.",
        json_schema_extra={"group": "advanced"},
    )


def train(recipe: Recipe, reporter: Reporter) -> None:
    """Run one attempt; see domain.reporting for what is said on the way.

    Raises:
        NotFound, InvalidInput: base, parent or data cannot be used.
        Diverged: the loss became infinite or undefined, or left its start for good.
    """
    settings = KTOSettings.model_validate(recipe.settings)
    start = begin(
        recipe,
        reporter,
        settings,
        answers=("completion",),
        arrange=lambda rows: Arranged(marked_answers(rows, recipe.seed), {}),
        arrange_held_out=lambda rows: [
            answer for row in rows if _is_judged(row) for answer in _taken_apart(row)
        ],
    )
    # Its trainer takes rows as they lie, and pairs neighbours.
    train = rows_longest_first(start.rows.train, settings)
    start = replace(start, rows=replace(start.rows, train=train))
    # Of the rows that are left after cutting and holding out, for these are what is trained on.
    labels = Counter(row["label"] for row in start.rows.train)
    if start.resume_step is None and (warning := imbalance(labels, settings)):
        reporter.alarm(0, "unbalanced", warning)

    from trl import KTOConfig, KTOTrainer

    class RunTrainer(TakesTokens, InRunFolder, KTOTrainer):
        pass

    train_rows, held_out_rows = (
        None if part is None else part.add_column("KL_completion_ids", exchanged(part, settings.batch_size))
        for part in datasets(start.rows, marked)
    )
    trainer = RunTrainer(
        model=start.model,
        ref_model=frozen_copy(start),
        args=KTOConfig(
            **common_arguments(settings, start, recipe.seed, reporter),
            max_length=start.rows.longest,
            beta=settings.beta,
            desirable_weight=settings.desirable_weight,
            undesirable_weight=settings.undesirable_weight,
            disable_dropout=True,
        ),
        train_dataset=train_rows,
        eval_dataset=held_out_rows,
        processing_class=start.tokenizer,
        peft_config=start.new_adapter,
    )
    facts: dict[str, str | int | float] = {
        "good answers": labels[True],
        "bad answers": labels[False],
        "reference": reference_name(start),
    }
    finish(
        trainer,
        recipe,
        reporter,
        settings,
        start,
        facts,
        names={"kl": "kl/batch"},
        divergence=Divergence(has_known_start=True),
    )


def marked(row: Row) -> dict[str, Any]:
    """A row as the trainer reads it."""
    tokens = row[TOKENS]
    return {
        "prompt_ids": list(tokens["prompt"]),
        "completion_ids": list(tokens["completion"]),
        "label": row["label"],
    }


def exchanged(rows: Any, batch_size: int) -> list[list[int]]:
    """For each row the answer of its neighbour in the batch, by which the trainer estimates what the model does on
    average (the paper's section 4.1): answers are handed on by one within a batch, as TRL does it."""
    answers = rows["completion_ids"]
    batches = (answers[start : start + batch_size] for start in range(0, len(answers), batch_size))
    return [answer for batch in batches for answer in [batch[-1], *batch[:-1]]]


@blaming(FailureKind.BAD_DATA)
def marked_answers(rows: Sequence[Row], seed: int) -> list[Row]:
    """One row {"prompt", "completion", "label"} per answer, in an order drawn with the seed.

    Raises:
        InvalidInput: all answers are good, or all are bad.
    """
    answers = [answer for row in rows for answer in _taken_apart(row)]
    labels = {answer["label"] for answer in answers}
    if len(labels) < 2:
        raise InvalidInput(
            f"All {len(answers)} answers are marked {'good' if labels == {True} else 'bad'}, and KTO learns from the "
            "difference. Add answers of the other kind, or use SFT for good answers alone."
        )
    random.Random(seed).shuffle(answers)
    return answers


def imbalance(labels: Counter[bool], settings: KTOSettings) -> str | None:
    """A warning if good and bad answers weigh too differently."""
    good = settings.desirable_weight * labels[True]
    bad = settings.undesirable_weight * labels[False]
    fewest, most = BALANCED
    if bad and fewest <= good / bad <= most + 1e-9:
        return None
    return (
        f"{labels[True]} good and {labels[False]} bad answers weigh {good:g} : {bad:g}; KTO works best from 1 : 1 to "
        "4 : 3. Change one of the two weights."
    )


def _is_judged(row: Row) -> bool:
    return "label" in row or "chosen" in row


def _taken_apart(row: Row) -> list[Row]:
    if "label" in row:
        return [row]
    return [
        {"prompt": row["prompt"], "completion": row[name], "label": name == "chosen"}
        for name in ("chosen", "rejected")
    ]


def holds(settings: Settings, given: Given) -> Held:
    """What it holds in memory."""
    return learning_from_rows(settings, given, answers=1, has_reference=True)


_OWN_METRICS = (
    Metric(
        name="kl/batch",
        title="KL estimate",
        unit="nats/answer",
        about="KTO's zero point, from answers paired with other prompts of the batch and never below 0. Small is normal; "
        "it is no distance between models.",
        from_zero=True,
    ),
)


STAGE = Stage(
    name="kto",
    title="KTO",
    about="Learns from answers marked good or bad.",
    settings=KTOSettings,
    train=train,
    holds=holds,
    data=(DataType.THUMBS, DataType.PREFERENCES),
    produces="policy",
    metrics=(
        "loss",
        "lr",
        "grad_norm",
        "tokens",
        "entropy/token",
        "pref/chosen",
        "pref/rejected",
        "pref/margin",
        "kl/batch",
        "eval/loss",
    ),
    own_metrics=_OWN_METRICS,
)

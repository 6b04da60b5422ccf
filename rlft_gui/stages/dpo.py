"""Direct preference optimisation on TRL's DPOTrainer: the chosen answer of each pair gains on the rejected.

The reference is a frozen copy of what the run started from, an adapter or a whole model, or the base where it started
from that.
Dropout is off, so that policy and reference are compared as the same network. Papers: Rafailov et al. 2023,
"Direct Preference Optimization"; Azar et al. 2023 for IPO; Chowdhury et al. 2024 for the robust loss. It leaves out
reference-free losses and precomputed reference log-probabilities.
"""

from typing import Literal, Self

from pydantic import Field, model_validator

from rlft_gui.domain.dataset import DataType
from rlft_gui.domain.recipe import Recipe
from rlft_gui.domain.reporting import Reporter
from rlft_gui.stages._base import Stage
from rlft_gui.stages._shared.memory import Settings, learning_from_rows
from rlft_gui.stages._shared.settings import TrainingSettings, learning_rate
from rlft_gui.stages._shared.training import (
    begin,
    common_arguments,
    datasets,
    finish,
    frozen_copy,
    reference_name,
)
from rlft_gui.training.estimate.held import Given, Held
from rlft_gui.training.rows import TOKENS, Row
from rlft_gui.training.run.divergence import Divergence
from rlft_gui.training.run.longest_first import LongestFirst, row_lengths
from rlft_gui.training.run.trainers import InRunFolder, TakesTokens


class DPOSettings(TrainingSettings):
    data: str = Field(
        title="Data",
        description="Preferences: prompts with a chosen and a rejected answer.",
        json_schema_extra={"group": "basic", "control": "data"},
    )
    learning_rate: float = learning_rate(
        1e-5,
        "Size of the update steps, well below that of SFT. 1e-5 suits adapters of models with billions "
        "of parameters; tiny models want far more. Too high, and both answers of a pair become unlikely.",
    )
    beta: float = Field(
        0.1,
        gt=0,
        le=10,
        title="Beta",
        description="How tightly the model is held to its reference. Higher changes it less.",
        json_schema_extra={"group": "basic"},
    )
    loss: Literal["sigmoid", "ipo", "robust"] = Field(
        "sigmoid",
        title="Loss",
        description="Sigmoid is DPO's own. IPO stops pulling once a pair is apart by 1 / (2 beta). Robust expects a "
        "share of wrong labels.",
        json_schema_extra={"group": "advanced"},
    )
    label_smoothing: float = Field(
        0.0,
        ge=0,
        lt=0.5,
        title="Label smoothing",
        description="With the robust loss: the share of pairs believed to be the wrong way round.",
        json_schema_extra={"group": "advanced"},
    )

    @model_validator(mode="after")
    def _smoothing_goes_with_robust(self) -> Self:
        if self.label_smoothing > 0 and self.loss != "robust":
            raise ValueError(
                f"Label smoothing {self.label_smoothing:g} has no effect with the {self.loss} loss. Set loss to robust, "
                "or label_smoothing to 0."
            )
        if self.label_smoothing == 0 and self.loss == "robust":
            raise ValueError(
                "The robust loss with label smoothing 0 is the sigmoid loss. Set label_smoothing to the share of wrong "
                "labels, e.g. 0.1, or loss to sigmoid."
            )
        return self


def train(recipe: Recipe, reporter: Reporter) -> None:
    """Run one attempt; see domain.reporting for what is said on the way.

    Raises:
        NotFound, InvalidInput: base, parent or data cannot be used.
        Diverged: the loss became infinite or undefined, or left its start for good.
    """
    settings = DPOSettings.model_validate(recipe.settings)
    # TRL is imported after this, which takes seconds: a wrong base or wrong rows are told before.
    start = begin(recipe, reporter, settings, answers=("chosen", "rejected"))

    from trl import DPOConfig, DPOTrainer

    class RunTrainer(LongestFirst, TakesTokens, InRunFolder, DPOTrainer):
        pass

    train_rows, held_out_rows = datasets(start.rows, pair)
    trainer = RunTrainer(
        # Given an adapter, the trainer copies it into a frozen one called "ref"; given none, it makes a new one and
        # switches it off for the reference.
        model=start.model,
        ref_model=frozen_copy(start),
        args=DPOConfig(
            **common_arguments(settings, start, recipe.seed, reporter),
            max_length=start.rows.longest,
            beta=settings.beta,
            loss_type=[settings.loss],
            label_smoothing=settings.label_smoothing,
            disable_dropout=True,
        ),
        train_dataset=train_rows,
        eval_dataset=held_out_rows,
        processing_class=start.tokenizer,
        peft_config=start.new_adapter,
    )
    trainer.row_lengths = row_lengths(start.rows.train)
    finish(
        trainer,
        recipe,
        reporter,
        settings,
        start,
        facts={"reference": reference_name(start)},
        divergence=Divergence(has_known_start=True),
    )


def pair(row: Row) -> dict[str, list[int]]:
    """A row as the trainer reads it."""
    return {f"{name}_ids": list(row[TOKENS][name]) for name in ("prompt", "chosen", "rejected")}


def holds(settings: Settings, given: Given) -> Held:
    """What it holds in memory: both answers of each pair go through the model together."""
    return learning_from_rows(settings, given, answers=2, has_reference=True)


STAGE = Stage(
    name="dpo",
    title="DPO",
    about="Prefers the better answer of each pair.",
    settings=DPOSettings,
    train=train,
    holds=holds,
    data=(DataType.PREFERENCES,),
    produces="policy",
    metrics=(
        "loss",
        "lr",
        "grad_norm",
        "tokens",
        "entropy/token",
        "accuracy/token",
        "pref/accuracy",
        "pref/margin",
        "pref/chosen",
        "pref/rejected",
        "eval/loss",
        "eval/pref/accuracy",
    ),
)

"""Supervised fine-tuning on TRL's SFTTrainer: the model imitates example answers, or documents, token by token.

The loss is on the answers only; prompts are read, not learned. Documents are learnt whole, with the tokenizer's end token and
no chat template, which is continued pretraining; long ones are split into rows (training/windows). Papers: Ouyang et al. 2022, "Training language
models to follow instructions with human feedback", section 3.5; Hu et al. 2021, "LoRA". It leaves out packing
and loss on whole conversations.
"""

from pydantic import Field

from rlft_gui.domain.dataset import DataType
from rlft_gui.domain.recipe import Recipe
from rlft_gui.domain.reporting import Reporter
from rlft_gui.stages._base import Stage
from rlft_gui.stages._shared.memory import Settings, learning_from_rows
from rlft_gui.stages._shared.settings import TrainingSettings, learning_rate, longest_row
from rlft_gui.stages._shared.training import begin, common_arguments, datasets, finish
from rlft_gui.training.estimate.held import Given, Held
from rlft_gui.training.rows import TOKENS, Row
from rlft_gui.training.run.divergence import Divergence
from rlft_gui.training.run.longest_first import LongestFirst, row_lengths
from rlft_gui.training.run.trainers import InRunFolder


class SFTSettings(TrainingSettings):
    data: str = Field(
        title="Data",
        description="Demonstrations: prompts with a good answer. Or plain text, of which every word is learnt.",
        json_schema_extra={"group": "basic", "control": "data"},
    )
    learning_rate: float = learning_rate(
        2e-4,
        "Size of the update steps. 2e-4 suits adapters of models with billions of parameters; tiny "
        "models want ten times as much.",
    )
    max_length: int = longest_row(
        "Tokens of prompt and answer together. Longer answers are cut; a row whose prompt alone is as long is dropped. Both "
        "are counted. Longer texts are split into several rows. The model's own limit holds too."
    )
    lora_dropout: float = Field(
        0.0,
        ge=0,
        le=0.5,
        title="LoRA dropout",
        description="Share of a new adapter's inputs that are dropped at random. Helps when rows are few.",
        json_schema_extra={"group": "advanced"},
    )


def train(recipe: Recipe, reporter: Reporter) -> None:
    """Run one attempt; see domain.reporting for what is said on the way.

    Raises:
        NotFound, InvalidInput: base, parent or data cannot be used.
        Diverged: the loss became infinite or undefined, or left its start for good.
    """
    settings = SFTSettings.model_validate(recipe.settings)
    start = begin(recipe, reporter, settings, answers=("completion",), lora_dropout=settings.lora_dropout)

    from trl import SFTConfig, SFTTrainer

    class RunTrainer(LongestFirst, InRunFolder, SFTTrainer):
        pass

    train_rows, held_out_rows = datasets(start.rows, learnt)
    trainer = RunTrainer(
        model=start.model,
        args=SFTConfig(
            **common_arguments(settings, start, recipe.seed, reporter),
            # Rows were cut to it already (training/rows); TRL must not cut them again elsewhere.
            max_length=start.rows.longest,
        ),
        train_dataset=train_rows,
        eval_dataset=held_out_rows,
        processing_class=start.tokenizer,
        peft_config=start.new_adapter,
    )
    trainer.row_lengths = row_lengths(start.rows.train)
    finish(trainer, recipe, reporter, settings, start, facts={}, divergence=Divergence(has_known_start=False))


def learnt(row: Row) -> dict[str, list[int]]:
    """A row as the trainer reads it: labels are the tokens that are learnt, −100 (left out of the loss) elsewhere.
    Of a document that is all but what only tells where it begins."""
    prompt, answer = row[TOKENS]["prompt"], row[TOKENS]["completion"]
    return {"input_ids": [*prompt, *answer], "labels": [*[-100] * len(prompt), *answer]}


def holds(settings: Settings, given: Given) -> Held:
    """What it holds in memory."""
    return learning_from_rows(settings, given, answers=1, has_reference=False)


STAGE = Stage(
    name="sft",
    title="SFT",
    about="Imitates example answers, or plain text.",
    settings=SFTSettings,
    train=train,
    holds=holds,
    data=(DataType.DEMONSTRATIONS, DataType.TEXT),
    produces="policy",
    metrics=("loss", "lr", "grad_norm", "tokens", "entropy/token", "accuracy/token", "eval/loss"),
)

"""What GRPO and RLOO do alike: draw several answers to each prompt, reward them, and compare each with the others.

Both are TRL's; they differ in how an answer is compared and where the distance to the reference counts. The reward is
one function here, the weighted sum that the settings ask for. There is no held-out loss: the probe measures.
"""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from pathlib import Path
from statistics import fmean
from typing import Any

from pydantic import Field

from rlft_gui.domain.errors import InvalidInput
from rlft_gui.domain.metrics import Metric
from rlft_gui.domain.recipe import Recipe
from rlft_gui.domain.reporting import Reporter
from rlft_gui.stages._shared.settings import (
    PolicyRewardSettings,
    SamplingSettings,
    TrainingSettings,
    batch_size,
    learning_rate,
)
from rlft_gui.stages._shared.training import begin, common_arguments, finish, reference_name
from rlft_gui.training.chat import chat
from rlft_gui.training.models.sampling import end_tokens
from rlft_gui.training.rewards import Context, Summed, build, scorable
from rlft_gui.training.rows import Row
from rlft_gui.training.run.trainers import InRunFolder

#: What both trainers log beside what every trainer logs.
NAMES: Mapping[str, str] = {
    "reward": "reward/trained",
    "reward_std": "reward/std",
    "frac_reward_zero_std": "reward/zero_std",
    "kl": "kl/token",
    "clip_ratio/region_mean": "clip_fraction",
    "completions/mean_length": "length/mean",
    "completions/clipped_ratio": "length/truncated",
}
#: Reported by every stage of this kind, and by no other.
OWN_METRICS = (
    Metric(
        name="reward/zero_std",
        title="Prompts without a difference",
        unit="share",
        about="Share of prompts whose answers all got one reward, so they teach nothing. Low is good; it rises when all "
        "is solved, and when answers have become copies.",
        from_zero=True,
    ),
)
METRICS = (
    "loss",
    "lr",
    "grad_norm",
    "tokens",
    "entropy/token",
    "reward/mean",
    "reward/trained",
    "reward/std",
    "reward/zero_std",
    "kl/token",
    "clip_fraction",
    "length/mean",
    "length/truncated",
)
_KEPT_ANSWERS = "answers.pt"


class OnlineSettings(PolicyRewardSettings, SamplingSettings, TrainingSettings):
    """Settings of both; stages restate what differs."""

    data: str = Field(
        title="Prompts",
        description="Where the prompts are taken from. Answers beside them are not read, but a verifier may read a "
        'column "answer".',
        json_schema_extra={"group": "basic", "control": "data"},
    )
    learning_rate: float = learning_rate(
        1e-5,
        "Size of the update steps. 1e-5 suits adapters of models with up to a few billion parameters; "
        "tiny models want more.",
    )
    batch_size: int = batch_size(
        8, "Prompts per forward pass, each with all its answers. With long answers lower it first."
    )
    max_length: int = Field(
        1024,
        ge=16,
        le=32_768,
        title="Longest row",
        description="Tokens of prompt and answer together. At most half of it goes to the answer; longer prompts than "
        "fit beside it are dropped and counted. The model's own limit holds too.",
        json_schema_extra={"group": "basic"},
    )
    eval_share: float = Field(
        0.1,
        ge=0,
        le=0.5,
        title="Held-out share",
        description="Share of prompts kept out of training, at most 256. On other models than Lantern the probe asks "
        "them. The same prompts whenever the data is the same.",
        json_schema_extra={"group": "advanced"},
    )
    samples_per_prompt: int = Field(
        8,
        ge=2,
        le=64,
        title="Answers per prompt",
        description="How many answers are drawn to each prompt and compared with each other. More give a steadier "
        "direction and take longer.",
        json_schema_extra={"group": "basic"},
    )
    beta: float = Field(
        0.04,
        ge=0,
        le=10,
        title="Beta",
        description="How strongly distance from the reference counts against an answer. 0 does without a reference.",
        json_schema_extra={"group": "basic"},
    )
    iterations: int = Field(
        1,
        ge=1,
        le=16,
        title="Updates per answers",
        description="Update steps that are made with the same answers before new ones are drawn.",
        json_schema_extra={"group": "advanced"},
    )
    clip: float = Field(
        0.2,
        gt=0,
        lt=1,
        title="Clip range",
        description="How far one update may change an answer's probability, as a share. Only matters from the second "
        "update on the same answers.",
        json_schema_extra={"group": "advanced"},
    )


class Online(InRunFolder):
    """Mixed into a trainer class, before it: prompts are written as everywhere else here, and answers that serve for
    several steps outlive a stop between them."""

    _step: int
    _buffered_inputs: Any

    def _tokenize_prompts(self, prompts: list[Any]) -> tuple[list[list[int]], None, dict[str, Any]]:
        trainer: Any = self
        asked = [json.loads(turn["content"]) for (turn,) in prompts]
        return chat(trainer.processing_class).prompts(asked), None, {}

    def _save_optimizer_and_scheduler(self, output_dir: str) -> None:
        import torch

        super()._save_optimizer_and_scheduler(output_dir)  # type: ignore[misc]
        torch.save({"step": self._step, "answers": self._buffered_inputs}, Path(output_dir) / _KEPT_ANSWERS)

    def note_step(self) -> None:
        super().note_step()
        self._noted_answers = self._step, self._buffered_inputs

    def take_back_step(self) -> None:
        super().take_back_step()
        self._step, self._buffered_inputs = self._noted_answers

    def _load_optimizer_and_scheduler(self, checkpoint: str | None) -> None:
        import torch

        super()._load_optimizer_and_scheduler(checkpoint)  # type: ignore[misc]
        if checkpoint is not None:
            # weights_only: a checkpoint may come from elsewhere, and a pickle can run code.
            kept = torch.load(Path(checkpoint) / _KEPT_ANSWERS, weights_only=True)
            self._step, self._buffered_inputs = kept["step"], kept["answers"]


def run_online(
    recipe: Recipe,
    reporter: Reporter,
    settings: OnlineSettings,
    make_trainer: Callable[[dict[str, Any], dict[str, Any]], Any],
    names: Mapping[str, str] = NAMES,
) -> None:
    """Run one attempt.

    Args:
        make_trainer: gets the arguments of the trainer's config and those of the trainer itself.
        names: our names of what it logs.

    Raises:
        NotFound, InvalidInput: base, parent, data or a reward cannot be used.
        ConstantReward: nothing tells answers apart.
        NotFinite: a reward is infinite or undefined.
        Diverged: the loss became infinite or undefined.
    """
    start = begin(
        recipe,
        reporter,
        settings,
        answers=(),
        arrange=partial(scorable, terms=(*settings.rewards, settings.veto)),
        drawn_tokens=settings.max_new_tokens,
    )
    _check_fills_a_step(len(start.rows.train), settings)
    trainer: Any = None
    context = Context(
        recipe=recipe,
        reporter=reporter,
        base_hash=start.marker.base_hash,
        tokenizer=start.tokenizer,
        # Asked when a reward is first needed; the trainer, which makes the policy, does not exist yet.
        policy=lambda: trainer.model,
    )
    arguments = {
        **common_arguments(settings, start, recipe.seed, reporter),
        # TRL counts answers, our setting prompts.
        "per_device_train_batch_size": settings.batch_size * settings.samples_per_prompt,
        "num_generations": settings.samples_per_prompt,
        "max_completion_length": start.answer_room,
        "temperature": settings.temperature,
        "beta": settings.beta,
        "num_iterations": settings.iterations,
        "epsilon": settings.clip,
        "disable_dropout": True,
        "mask_truncated_completions": False,  # what cut answers earn is to be learned from
    }
    total = build(settings, context)
    whole = {
        "model": start.model,
        "reward_funcs": reward_function(
            total, start.rows.train, end_tokens(start.model, start.tokenizer), settings.missing_eos_reward
        ),
        "train_dataset": numbered(start.rows.train),
        "processing_class": start.tokenizer,
        "peft_config": start.new_adapter,
    }
    trainer = make_trainer(arguments, whole)
    facts: dict[str, str | int | float] = {
        "longest row": f"{start.rows.longest + start.answer_room} tokens",
        "longest answer": f"{start.answer_room} tokens",
        "answers per step": settings.batch_size
        * settings.samples_per_prompt
        * settings.gradient_accumulation,
        **total.facts,
        "reference": reference_name(start) if settings.beta else "none, beta is 0",
    }
    finish(trainer, recipe, reporter, settings, start, facts, names, divergence=None, reward=total)


def _check_fills_a_step(prompts: int, settings: OnlineSettings) -> None:
    """Raises InvalidInput if there are fewer prompts than a step takes: TRL leaves such a rest out, and would make no step."""
    a_step = settings.batch_size * settings.gradient_accumulation
    if prompts < a_step:
        raise InvalidInput(
            f"There are {prompts} prompts to train on, and a step takes {a_step} (batch size × gradient accumulation). "
            "Lower the batch size, or give more prompts."
        )


def numbered(rows: Sequence[Row]) -> Any:
    """The prompts as TRL takes them, each with the number of its row.

    Each is one turn that holds the whole as JSON, which `Online` reads: in a table of turns, every call of a tool would
    get the arguments of all others.
    """
    from datasets import Dataset

    prompts = ([{"role": "user", "content": json.dumps(row["prompt"])}] for row in rows)
    return Dataset.from_list([{"prompt": prompt, "row": i} for i, prompt in enumerate(prompts)])


def reward_function(
    total: Summed, rows: Sequence[Row], ends: Collection[int], missing_eos_reward: float
) -> Callable[..., list[float]]:
    """What TRL calls with answers. Rows go by their number, so that a reward sees all their columns as they are.

    Args:
        ends: the tokens that end an answer; an answer whose last token is none of them was cut.
    """

    def reward(
        completions: Sequence[Sequence[Mapping[str, str]]],
        completion_ids: Sequence[Sequence[int]],
        row: Sequence[int],
        log_metric: Callable[[str, float], None],
        **_: Any,
    ) -> list[float]:
        scored = total([rows[i] for i in row], [messages[0]["content"].strip() for messages in completions])
        log_metric("reward/mean", fmean(scored.total))
        for name, scores in scored.terms.items():
            log_metric(f"reward/{name}", fmean(scores))
        if total.veto is not None:
            log_metric("reward/vetoed", fmean(scored.vetoed))
        return scored.trained([ids[-1] not in ends for ids in completion_ids], missing_eos_reward)

    return reward

"""Reinforcement learning with PPO: the policy answers prompts, a reward scores the answers, and better ones become
likelier, held near the model that the run started from.

The loop and its papers are in rlft_gui.training.ppo.loop, the models in ppo_policy. This module loads them, puts probe,
checkpoints and alarms beside the loop, and leaves out everything on TRL: it ships no PPO.
"""

import copy
from dataclasses import fields
from functools import partial
from math import log
from pathlib import Path
from typing import Any

from pydantic import Field

from rlft_gui.domain.charts import DISTANCE, REWARD
from rlft_gui.domain.dataset import ANY_PROMPTS
from rlft_gui.domain.metrics import SHARED, Metric
from rlft_gui.domain.recipe import Recipe
from rlft_gui.domain.reporting import Reporter
from rlft_gui.stages._base import Stage
from rlft_gui.stages._shared.looking import look_of
from rlft_gui.stages._shared.memory import (
    Settings,
    beside_whole_model,
    drawn_tokens,
    probe,
    trained,
    with_rewards,
)
from rlft_gui.stages._shared.needs import needs_of_rewards
from rlft_gui.stages._shared.settings import (
    AdapterSettings,
    PolicyRewardSettings,
    RhythmSettings,
    SamplingSettings,
    batch_size,
    learning_rate,
)
from rlft_gui.stages._shared.starting import TrainingStart
from rlft_gui.stages._shared.training import begin, reference_name, rhythm
from rlft_gui.training.estimate.held import Drawing, Effort, Given, Held, Learning
from rlft_gui.training.models import adapters, checkpoints, loading, weights
from rlft_gui.training.models.cache_room import rows_at_once
from rlft_gui.training.models.observing import evaluating
from rlft_gui.training.ppo.alarms import Alarms
from rlft_gui.training.ppo.loop import PPO, PPOConfig
from rlft_gui.training.ppo.policy import PPOPolicy
from rlft_gui.training.rewards import Context, build, scorable
from rlft_gui.training.rows import PROMPT_REPEATED, Arranged, Row, prompt_key
from rlft_gui.training.run import threads
from rlft_gui.training.run.trainers import CheckpointWriter
from rlft_gui.training.run.watch import Facts, Watch

_BASIC: dict[str, Any] = {"group": "basic"}
_ADVANCED: dict[str, Any] = {"group": "advanced"}


class LoopSettings(PolicyRewardSettings, SamplingSettings):
    """What PPO's own loop can be told."""

    data: str = Field(
        title="Prompts",
        description="Where the prompts are taken from; answers beside them are not learnt.",
        json_schema_extra={**_BASIC, "control": "data"},
    )
    steps: int = Field(
        100,
        ge=1,
        le=100_000,
        title="Steps",
        description="How often to answer prompts and learn from the answers. The learning rates fall to 0 over them.",
        json_schema_extra=_BASIC,
    )
    rollouts: int = Field(
        64,
        ge=2,
        le=4_096,
        title="Rollouts per step",
        description="Prompts answered in each step. More make each step slower and steadier.",
        json_schema_extra=_BASIC,
    )
    learning_rate: float = learning_rate(
        1e-5,
        "Size of the policy's updates. 1e-5 suits adapters of models with up to a billion parameters; "
        "tiny models want far more.",
    )
    kl_coefficient: float = Field(
        0.05,
        ge=0,
        le=10,
        title="KL coefficient",
        description="Beta: reward taken off per nat by which an answer is likelier than under the reference. Higher "
        "changes the model less.",
        json_schema_extra=_BASIC,
    )
    batch_size: int = batch_size(
        16, "Rows per forward pass of the update. More need more memory, and are no faster on a CPU."
    )
    max_length: int = Field(
        1024,
        ge=16,
        le=32_768,
        title="Longest row",
        description="Tokens of prompt and answer together. A prompt that leaves no room for the longest answer is "
        "dropped and counted; an answer gets half of it at most. The model's own limit holds too.",
        json_schema_extra=_BASIC,
    )
    generation_batch_size: int = Field(
        0,
        ge=0,
        le=4_096,
        title="Answers at once",
        description="Prompts answered together. 0 takes all of a step, or as many as fit in memory.",
        json_schema_extra=_ADVANCED,
    )
    ppo_epochs: int = Field(
        4,
        ge=1,
        le=20,
        title="PPO epochs",
        description="How often each step's rollouts are learned from.",
        json_schema_extra=_ADVANCED,
    )
    minibatches: int = Field(
        1,
        ge=1,
        le=64,
        title="Minibatches",
        description="Updates per PPO epoch: the rollouts are shuffled into that many parts.",
        json_schema_extra=_ADVANCED,
    )
    target_kl: float = Field(
        0.05,
        ge=0,
        le=10,
        title="Target KL",
        description="Nats per token that one step may move the policy by; an update beyond ends the step's epochs. "
        "0 never does.",
        json_schema_extra=_ADVANCED,
    )
    clip: float = Field(
        0.2,
        gt=0,
        lt=1,
        title="Clip",
        description="By how much a token's probability may change, as a share, before its gradient is cut off.",
        json_schema_extra=_ADVANCED,
    )
    value_learning_rate: float = Field(
        0.05,
        gt=0,
        le=10,
        title="Value learning rate",
        description="About how far the value head's guess moves per update, in the reward's unit.",
        json_schema_extra=_ADVANCED,
    )
    value_clip: float = Field(
        0.2,
        gt=0,
        le=100,
        title="Value clip",
        description="By how much a value may move in one step before its gradient is cut off, in the reward's unit.",
        json_schema_extra=_ADVANCED,
    )
    gamma: float = Field(
        1.0,
        gt=0,
        le=1,
        title="Gamma",
        description="Weight of a reward one token later. 1 counts all of an answer alike.",
        json_schema_extra=_ADVANCED,
    )
    lam: float = Field(
        0.95,
        ge=0,
        le=1,
        title="Lambda",
        description="How far advantages look ahead before they trust the value head. 1 never does.",
        json_schema_extra=_ADVANCED,
    )
    whiten_rewards: bool = Field(
        False,
        title="Whiten rewards",
        description="Divides the rewards of a step by their standard deviation, for rewards of an odd scale.",
        json_schema_extra=_ADVANCED,
    )


class PPOSettings(RhythmSettings, AdapterSettings, LoopSettings):
    eval_share: float = Field(
        0.1,
        ge=0,
        le=0.5,
        title="Held-out share",
        description="Share of prompts kept out of training, for the probe of models other than Lantern; at most 256. "
        "The same prompts whenever the data is the same.",
        json_schema_extra=_ADVANCED,
    )


def train(recipe: Recipe, reporter: Reporter) -> None:
    """Run one attempt; see domain.reporting for what is said on the way.

    Raises:
        NotFound, InvalidInput: base, parent, data or reward cannot be used.
        ConstantReward: the reward never differs.
        NotFinite: a reward is infinite or undefined.
        Diverged: loss or weights became infinite or undefined, or the policy is lost far from its reference.
    """
    settings = PPOSettings.model_validate(recipe.settings)
    start = begin(
        recipe,
        reporter,
        settings,
        answers=(),
        arrange=partial(_arranged, settings),
        drawn_tokens=settings.max_new_tokens,
    )
    policy = _policy(recipe, reporter, start)
    context = Context(
        recipe=recipe,
        reporter=reporter,
        base_hash=start.marker.base_hash,
        tokenizer=start.tokenizer,
        policy=lambda: policy.model,
    )
    asked = {field.name: getattr(settings, field.name) for field in fields(PPOConfig)}
    at_once = _answers_at_once(settings, start)
    config = PPOConfig(**{**asked, "max_new_tokens": start.answer_room, "generation_batch_size": at_once})
    reward = build(settings, context)
    ppo = PPO(config, policy, start.tokenizer, start.rows.train, reward, recipe.seed)

    alarms = Alarms(reporter)
    look = look_of(
        policy.model, _base(recipe, start, policy), recipe, reporter, settings, start, reward=reward
    )

    def look_at(step: int) -> Facts:
        with evaluating(policy.model):
            alarms.probed(step, look.look(step))
        return look.facts()

    names = {metric.name: metric.name for metric in (*SHARED, *_OWN_METRICS)}
    # Beyond it, the reference gives the answers' tokens less than if it knew nothing: 1 of its vocabulary's size each.
    most_kl = log(policy.model.get_output_embeddings().weight.shape[0])
    watch = Watch(reporter, rhythm(settings, reporter), look_at, names, most_kl=most_kl)
    writer = CheckpointWriter(reporter, watch, start.marker, settings.keep_checkpoints)

    facts = {
        **weights.facts(policy.model, start.marker, is_mixed=False),
        **threads.facts(policy.model.device),
        **start.rows.facts(),
        "reference": reference_name(start),
        "longest row": f"{start.rows.longest + start.answer_room} tokens",
        "longest answer": f"{start.answer_room} tokens",
        "answers at once": at_once,
        **reward.facts,
        **look.facts(),
    }
    ppo.train(watch, facts, alarms, writer, _own_checkpoint(reporter, start))


def different(rows: list[Row]) -> list[Row]:
    """One row for each prompt: prompts are answered afresh, so a second row with the same one adds nothing."""
    return list({prompt_key(row): row for row in rows}.values())


def _arranged(settings: PPOSettings, rows: list[Row]) -> Arranged:
    """What the reward can score, each prompt once."""
    usable = scorable(rows, (*settings.rewards, settings.veto))
    kept = different(usable.rows)
    repeated = len(usable.rows) - len(kept)
    return Arranged(kept, {**usable.dropped, **({PROMPT_REPEATED: repeated} if repeated else {})})


def _answers_at_once(settings: PPOSettings, start: TrainingStart) -> int:
    """As many as asked for, else all of a step if they fit."""
    tokens = start.rows.longest + start.answer_room
    return settings.generation_batch_size or min(settings.rollouts, rows_at_once(start.model, tokens))


def _policy(recipe: Recipe, reporter: Reporter, start: TrainingStart) -> PPOPolicy:
    """The policy as it stands at the beginning of this attempt, and the reference as it stood at the run's."""
    import torch
    from peft import get_peft_model

    own = _own_checkpoint(reporter, start)
    if start.is_full:
        frozen = start.model.requires_grad_(False)
        model = copy.deepcopy(frozen) if own is None else weights.load(recipe.base, own, "full")[0]
        return PPOPolicy(model.requires_grad_(True), frozen=frozen)
    if start.new_adapter is None:
        policy = PPOPolicy(start.model, is_continued=True)
        if own is not None:
            policy.model.load_adapter(own, adapter_name=adapters.ADAPTER, is_trainable=True)
        return policy
    if own is not None:
        return PPOPolicy(adapters.continued(start.model, own))
    torch.manual_seed(recipe.seed)
    return PPOPolicy(get_peft_model(start.model, start.new_adapter))


def _own_checkpoint(reporter: Reporter, start: TrainingStart) -> Path | None:
    """The checkpoint that a resumed run goes on from."""
    return None if start.resume_step is None else checkpoints.resolve(reporter.folder, start.resume_step)


def _base(recipe: Recipe, start: TrainingStart, policy: PPOPolicy) -> Any:
    """The pipeline's base for the probe; None where it is the policy without its adapter."""
    if not start.is_full:
        return None
    if start.marker.parent is None:
        return policy.frozen
    return loading.load_base(recipe.base, in_float32=True)[0].requires_grad_(False)


def holds(settings: Settings, given: Given) -> Held:
    """What it holds in memory. With one minibatch, passes of the rollouts are kept for the first update, where memory allows."""
    answer = drawn_tokens(settings)
    prompt = min(given.lengths.prompt, settings["max_length"] - answer)
    asked, rollouts = settings["generation_batch_size"], settings["rollouts"]
    is_checkpointed = settings["gradient_checkpointing"]
    keeps = settings["minibatches"] == 1 and not is_checkpointed
    learning = Learning(
        rows=min(settings["batch_size"], rollouts),
        tokens=prompt + answer,
        head="answers",
        answer=answer,
        kept_rows=rollouts if keeps else 0,
        accumulates=rollouts > settings["batch_size"] * settings["minibatches"],
        is_checkpointed=is_checkpointed,
    )
    drawing = Drawing(asked or rollouts, prompt, answer, fits=not asked)
    beside = beside_whole_model(settings, given, has_reference=True)
    moments = (drawing, learning, *probe(settings, given))
    effort = Effort(
        settings["steps"],
        learnt=rollouts * settings["ppo_epochs"],
        read=2 * rollouts,
        drawn=rollouts,
        answer=answer,
        prompt=prompt,
    )
    held = Held(trained(settings, given, has_reference=True), beside, moments, effort)
    return with_rewards(settings, given, held)


_OWN_METRICS = (
    Metric(
        name="objective",
        title="Objective",
        unit="",
        panel=REWARD,
        about="Mean reward trained on, less β times KL: what PPO makes larger. A fall is a failure; it depends on β.",
    ),
    Metric(
        name="kl/seq",
        title="KL to reference",
        unit="nats/answer",
        about="Distance from where the run started, per answer. Grows with length; never compare with kl/token.",
        from_zero=True,
    ),
    Metric(
        name="value_loss",
        title="Value loss",
        unit="",
        about="Error of the guesses what an answer will earn. Low also where rewards hardly vary.",
        from_zero=True,
    ),
    Metric(
        name="approx_kl",
        title="Move per step",
        unit="nats/token",
        panel=DISTANCE,
        about="How far the step's last update had moved the policy from the one that wrote the answers.",
        from_zero=True,
    ),
    Metric(
        name="ratio",
        title="Ratio",
        unit="",
        panel=DISTANCE,
        about="Mean probability of the step's tokens over what it was. Near 1; outside 0.5 to 2 the updates are too large.",
    ),
    Metric(
        name="explained_variance",
        title="Foresight of values",
        unit="",
        about="Share of the returns' variance that the value head foresaw. Towards 1 is good; below 0 it harms.",
    ),
    Metric(
        name="updates",
        title="Updates",
        unit="per step",
        about="Updates made in the step. Fewer than planned where the target KL ended its epochs early.",
        from_zero=True,
    ),
)


STAGE = Stage(
    name="ppo",
    title="PPO",
    about="Answers prompts, and makes answers with a higher reward likelier.",
    settings=PPOSettings,
    train=train,
    holds=holds,
    data=ANY_PROMPTS,
    produces="policy",
    metrics=(
        "loss",
        "lr",
        "grad_norm",
        "tokens",
        "reward/mean",
        "reward/trained",
        "reward/std",
        "objective",
        "kl/token",
        "kl/seq",
        "entropy/token",
        "length/mean",
        "length/truncated",
        "policy_loss",
        "value_loss",
        "clip_fraction",
        "approx_kl",
        "ratio",
        "explained_variance",
        "updates",
    ),
    row_needs=needs_of_rewards,
    own_metrics=_OWN_METRICS,
)

"""What the stages on TRL trainers do alike, in the order in which they do it. No torch at the top.

A stage's train() calls `begin`, makes its trainer with `common_arguments`, and hands it to `finish`.
"""

import copy
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any, Protocol, TypedDict

from rlft_gui.data.rows import load_rows
from rlft_gui.domain.recipe import Recipe
from rlft_gui.domain.reporting import LOADING, Reporter
from rlft_gui.stages._shared.looking import look_of
from rlft_gui.stages._shared.measure import MeasureSettings
from rlft_gui.stages._shared.settings import RhythmSettings, TrainingSettings
from rlft_gui.stages._shared.starting import TrainingStart
from rlft_gui.training.chat import chat
from rlft_gui.training.models import adapters, checkpoints, loading, weights
from rlft_gui.training.models.checkpoints import CheckpointMarker
from rlft_gui.training.models.observing import evaluating
from rlft_gui.training.models.sampling import context_length
from rlft_gui.training.rewards import Summed
from rlft_gui.training.rows import MOST_HELD_OUT, Arranged, Row, Rows, prepare, without
from rlft_gui.training.run import threads, trainers
from rlft_gui.training.run.decided import decided
from rlft_gui.training.run.divergence import Divergence
from rlft_gui.training.run.probe_period import PERIOD
from rlft_gui.training.run.watch import Facts, Rhythm, Watch


class Begun(Protocol):
    """The settings that decide where training begins."""

    @property
    def data(self) -> str: ...
    @property
    def max_length(self) -> int: ...
    @property
    def eval_share(self) -> float: ...
    @property
    def tuning(self) -> weights.Tuning: ...
    @property
    def lora_rank(self) -> int: ...
    @property
    def lora_alpha(self) -> int: ...
    @property
    def lora_targets(self) -> adapters.Targets: ...


class CommonArguments(TypedDict):
    """Arguments that every TRL config takes."""

    output_dir: str
    learning_rate: float
    num_train_epochs: float
    max_steps: int
    per_device_train_batch_size: int
    per_device_eval_batch_size: int
    gradient_accumulation_steps: int
    warmup_steps: float
    lr_scheduler_type: str
    weight_decay: float
    activation_checkpointing: bool
    seed: int
    data_seed: int
    use_cpu: bool
    bf16: bool
    dataloader_pin_memory: bool
    logging_steps: int
    logging_nan_inf_filter: bool
    save_strategy: str
    eval_strategy: str
    report_to: str
    disable_tqdm: bool


def begin(
    recipe: Recipe,
    reporter: Reporter,
    settings: Begun,
    answers: tuple[str, ...],
    *,
    lora_dropout: float = 0.0,
    arrange: Callable[[list[Row]], Arranged] = lambda rows: Arranged(rows, {}),
    arrange_held_out: Callable[[list[Row]], list[Row]] | None = None,
    always_holds_out: bool = False,
    drawn_tokens: int = 0,
) -> TrainingStart:
    """Load everything a trainer needs.

    Args:
        answers: the columns of the data that hold answers.
        arrange: makes of the stored rows those to train on, and counts those it leaves out.
        arrange_held_out: makes of rows of any type, which a person keeps apart, those that the trainer can read; left out,
            those with all answers.
        always_holds_out: hold some of its own rows out where it can read none of those that a person keeps apart.
        drawn_tokens: most tokens of an answer that is yet to be drawn; it gets half of a row at most.

    Raises:
        NotFound, InvalidInput: base, parent or data cannot be used, or no longer fit the run's checkpoint; or all of
            its checkpoints are damaged.
    """
    cores = threads.Cores.now()
    resume_step, damaged = checkpoints.last_sound(reporter.folder)
    if reporter.attempt > 1:
        reporter.resumed(-1 if resume_step is None else resume_step)
    for told in damaged:
        reporter.alarm(resume_step or 0, "damaged_checkpoint", told)
    reporter.phase(LOADING)
    trainers.quiet_libraries()
    base_hash = loading.base_hash(recipe.base)
    kind = weights.KINDS[settings.tuning]
    marker = CheckpointMarker(step=0, stage=recipe.stage, base=recipe.base, base_hash=base_hash, kind=kind)
    if resume_step is not None:
        marker = _own_marker(reporter, resume_step, recipe.base, base_hash)
    parent = _parent(recipe, reporter, marker, settings.tuning)
    if parent is not None:
        marker = marker.model_copy(update={"parent": parent[1]})
    model, tokenizer = weights.load(recipe.base, parent and parent[0], marker.kind)
    threads.settle(model, reporter, cores)
    longest = min(settings.max_length, context_length(model) or settings.max_length)
    answer_room = min(drawn_tokens, longest // 2)
    home, named = reporter.folder.home, MeasureSettings.model_validate(recipe.measure).held_out
    kept_apart = load_rows(home, named) if named else []
    known = without(load_rows(home, settings.data), kept_apart)
    arranged = arrange(known.rows)
    fit = partial(prepare, chat=chat(tokenizer), longest=longest - answer_room)
    read = (arrange_held_out or _with(answers))(kept_apart)
    apart = fit(read, answers, eval_share=0.0).train[:MOST_HELD_OUT]
    is_split = not named or (always_holds_out and not apart)
    rows = fit(arranged.rows, answers, eval_share=settings.eval_share if is_split else 0.0)
    rows = replace(
        rows,
        dropped={**known.dropped, **arranged.dropped, **rows.dropped},
        notes=chat(tokenizer).habits.notes(),
        held_out=apart or rows.held_out,
        kept_apart=fit(kept_apart, (), eval_share=0.0).train,
        is_split=is_split,
    )
    reporter.data(rows.account())
    rows.check_some_left()
    is_new = parent is None and settings.tuning == "lora"
    return TrainingStart(
        model=model,
        tokenizer=tokenizer,
        new_adapter=_new_adapter(model, settings, lora_dropout) if is_new else None,
        rows=rows,
        marker=marker,
        resume_step=resume_step,
        answer_room=answer_room,
    )


def _with(answers: tuple[str, ...]) -> Callable[[list[Row]], list[Row]]:
    return lambda rows: [row for row in rows if all(column in row for column in answers)]


def common_arguments(
    settings: TrainingSettings, start: TrainingStart, seed: int, reporter: Reporter
) -> CommonArguments:
    """What SFTConfig, DPOConfig and their like are told alike.

    On the CPU they would default to bfloat16 and gradient checkpointing, and with the default filter of NaN a
    broken model would log a loss of 0.
    """
    on_gpu = start.model.device.type == "cuda"
    schedule = {"linear": "linear", "cosine": "cosine", "constant": "constant_with_warmup"}[settings.schedule]
    return CommonArguments(
        output_dir=str(reporter.folder.checkpoints),
        learning_rate=settings.learning_rate,
        num_train_epochs=float(settings.epochs),
        max_steps=settings.max_steps or -1,
        per_device_train_batch_size=settings.batch_size,
        per_device_eval_batch_size=settings.batch_size,
        gradient_accumulation_steps=settings.gradient_accumulation,
        warmup_steps=settings.warmup,
        lr_scheduler_type=schedule,
        weight_decay=settings.weight_decay,
        activation_checkpointing=settings.gradient_checkpointing,  # its name since transformers 5.20
        seed=seed,
        data_seed=seed,
        use_cpu=not on_gpu,
        bf16=on_gpu,
        dataloader_pin_memory=on_gpu,
        logging_steps=1,
        logging_nan_inf_filter=False,
        save_strategy="no",
        eval_strategy="no",
        report_to="none",
        disable_tqdm=True,
    )


def finish(
    trainer: Any,
    recipe: Recipe,
    reporter: Reporter,
    settings: TrainingSettings,
    start: TrainingStart,
    facts: dict[str, str | int | float],
    names: Mapping[str, str] = MappingProxyType({}),
    *,
    divergence: Divergence | None,
    reward: Summed | None = None,
) -> None:
    """Train with the probe, checkpoints, stopping and resuming that every stage has.

    Args:
        facts: what this stage adds to the recipe card.
        names: our names of metrics that mean something else, or nothing, in other stages' trainers.
        reward: what the stage learns from, if it does; its terms score answers to held-out prompts too.
        divergence: judges the losses; None where they do not tell whether the model learns.

    Raises:
        Diverged: the loss became infinite or undefined, or left its start for good.
    """
    base = _frozen_base(trainer, recipe, start) if start.is_full else None
    look = look_of(
        trainer.model,
        base,
        recipe,
        reporter,
        settings,
        start,
        trainer.measure if trainer.eval_dataset is not None else None,
        _rows_trained_on(trainer, settings),
        reward=reward,
    )

    def look_at(step: int) -> Facts:
        with evaluating(trainer.model):
            look.look(step)
        return look.facts()

    watch = Watch(reporter, rhythm(settings, reporter), look_at, names, divergence)
    trainer.checkpoint_writer = trainers.CheckpointWriter(reporter, watch, start.marker, settings.keep)
    facts = {
        **weights.facts(trainer.model, start.marker),
        **threads.facts(trainer.model.device),
        **_memory(trainer, base),
        **start.rows.facts(),
        **facts,
        **look.facts(),
    }
    trainers.run(trainer, watch, facts, reporter, start.resume_step)


def rhythm(settings: RhythmSettings, reporter: Reporter) -> Rhythm:
    """How often things happen; where probes go by their share, as an earlier attempt decided."""
    decided_before = int(decided(reporter.folder.events).get(PERIOD, 0))
    return Rhythm(
        settings.log_every,
        settings.probe_every or decided_before,
        settings.checkpoint_every,
        settings.probe_share,
    )


def _rows_trained_on(trainer: Any, settings: TrainingSettings) -> int:
    """In all steps together, as often as they come."""
    rows = len(trainer.train_dataset)
    a_step = settings.batch_size * settings.gradient_accumulation
    return settings.max_steps * a_step if settings.max_steps else int(rows * settings.epochs)


def datasets(rows: Rows, example: Callable[[Row], dict[str, Any]]) -> tuple[Any, Any]:
    """Training and held-out rows as a trainer reads them, already as tokens; None where nothing is held out.

    Args:
        example: what the trainer gets of a row, whose tokens are at `TOKENS`.
    """
    from datasets import Dataset

    train = Dataset.from_list([example(row) for row in rows.train])
    return train, Dataset.from_list([example(row) for row in rows.held_out]) if rows.held_out else None


def frozen_copy(start: TrainingStart) -> Any:
    """The reference of full fine-tuning: the start's weights, which stay as they are. None with an adapter, where
    TRL takes the base or a frozen copy of the adapter for it."""
    if not start.is_full:
        return None
    return copy.deepcopy(start.model).requires_grad_(False)


def reference_name(start: TrainingStart) -> str:
    """What the reference is, for the recipe card."""
    if start.marker.parent is None:
        return "the base"
    return f"the {'model' if start.is_full else 'adapter'} of {start.marker.parent}, frozen"


def _own_marker(reporter: Reporter, step: int, base: str, base_hash: str) -> CheckpointMarker:
    marker = checkpoints.marker(reporter.folder, step)
    adapters.check_base(marker, f"Run {reporter.folder.run_id}", base, base_hash)
    return marker


def _new_adapter(model: Any, settings: Begun, dropout: float) -> Any:
    return adapters.new_adapter(
        model, settings.lora_rank, settings.lora_alpha, settings.lora_targets, dropout
    )


def _parent(
    recipe: Recipe, reporter: Reporter, marker: CheckpointMarker, tuning: weights.Tuning
) -> tuple[Path, str] | None:
    """The checkpoint to continue and its name. A resumed run takes the very one that it began with."""
    if recipe.parent is None:
        return None
    parent = recipe.parent
    if marker.parent is not None:
        parent = parent.model_copy(update={"step": int(marker.parent.rpartition("@")[2])})
    home = reporter.folder.home
    path, found = weights.parent_checkpoint(home, parent, recipe.base, marker.base_hash, tuning)
    return path, f"{parent.run_id}@{found.step}"


def _frozen_base(trainer: Any, recipe: Recipe, start: TrainingStart) -> Any:
    """The base beside a model that is trained whole, computing in the same precision."""
    reference = getattr(trainer, "ref_model", None)
    if start.marker.parent is None and reference is not None:
        return reference
    base, _ = loading.load_base(recipe.base, in_float32=True)
    return trainer.accelerator.prepare_model(base.requires_grad_(False), evaluation_mode=True)


def _memory(trainer: Any, base: Any) -> dict[str, str]:
    """What full fine-tuning keeps in memory beside the model in training."""
    reference = getattr(trainer, "ref_model", None)
    held = {"the reference": reference, "the base for the probe": base}
    different = {id(model): name for name, model in held.items() if model is not None}
    return {"kept beside it": " and ".join(different.values())} if different else {}

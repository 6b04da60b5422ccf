"""What the stages on TRL trainers do alike, in the order in which they do it. No torch at the top.

A stage's train() calls `begin`, makes its trainer with `common_arguments`, and hands it to `finish`.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypedDict

from rlft_gui.data.rows import load_rows
from rlft_gui.domain.recipe import Recipe
from rlft_gui.domain.reporting import Reporter
from rlft_gui.stages._base import TrainingSettings
from rlft_gui.training import adapters, checkpoints, loading, trainers
from rlft_gui.training.checkpoints import CheckpointMarker
from rlft_gui.training.probe import Probe, prompts_for
from rlft_gui.training.rows import Rows, prepare
from rlft_gui.training.sampling import context_length
from rlft_gui.training.undisturbed import undisturbed
from rlft_gui.training.watch import Rhythm, Watch


@dataclass(frozen=True)
class Start:
    """Where an attempt begins.

    Attributes:
        model: the base, or with a parent the base with the parent's adapter.
        new_adapter: PEFT's config of the adapter to make; None where the parent's is continued.
        marker: what the run's checkpoints will say of themselves.
        resume_step: the checkpoint to go on from, if there is one.
    """

    model: Any
    tokenizer: Any
    new_adapter: Any
    rows: Rows
    marker: CheckpointMarker
    resume_step: int | None


class CommonArguments(TypedDict):
    """Arguments that every TRL config takes."""

    output_dir: str
    learning_rate: float
    num_train_epochs: float
    max_steps: int
    per_device_train_batch_size: int
    per_device_eval_batch_size: int
    gradient_accumulation_steps: int
    max_length: int
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
    settings: TrainingSettings,
    answers: tuple[str, ...],
    lora_dropout: float = 0.0,
) -> Start:
    """Load everything a trainer needs.

    Args:
        answers: the columns of the data that hold answers.

    Raises:
        NotFound, InvalidInput: base, parent or data cannot be used, or no longer fit the run's checkpoint.
    """
    resume_step = checkpoints.last_complete(reporter.folder)
    if reporter.attempt > 1:
        reporter.resumed(-1 if resume_step is None else resume_step)
    reporter.phase("loading")
    trainers.quiet_libraries()
    base_hash = loading.base_hash(recipe.base)
    marker = CheckpointMarker(
        step=0, stage=recipe.stage, base=recipe.base, base_hash=base_hash, kind="adapter"
    )
    if resume_step is not None:
        marker = _own_marker(reporter, resume_step, recipe.base, base_hash)
    parent = _parent(recipe, reporter, marker)
    model, tokenizer = loading.load_base(recipe.base)
    loading.spare_threads(model)
    longest = min(settings.max_length, context_length(model) or settings.max_length)
    rows = prepare(
        load_rows(reporter.folder.home, settings.data), answers, tokenizer, longest, settings.eval_share
    )
    new_adapter = None
    if parent is None:
        new_adapter = adapters.new_adapter(
            model, settings.lora_rank, settings.lora_alpha, settings.lora_targets, lora_dropout
        )
    else:
        path, name = parent
        model = adapters.continued(model, path)
        marker = marker.model_copy(update={"parent": name})
    return Start(model, tokenizer, new_adapter, rows, marker, resume_step)


def common_arguments(
    settings: TrainingSettings, start: Start, seed: int, reporter: Reporter
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
        max_length=start.rows.longest,
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
    start: Start,
    facts: dict[str, str | int | float],
) -> None:
    """Train with the probe, checkpoints, stopping and resuming that every stage has.

    Args:
        facts: what this stage adds to the recipe card.

    Raises:
        Diverged: the loss became infinite or undefined.
    """
    prompts = prompts_for(recipe.base, start.rows, settings.probe_prompts)
    probe = Probe(trainer.model, start.tokenizer, prompts, reporter)

    def look(step: int) -> None:
        with undisturbed(trainer.model):
            probe.look(step)
            if start.rows.held_out:
                trainer.evaluate()

    watch = Watch(reporter, Rhythm(settings.log_every, settings.probe_every, settings.checkpoint_every), look)
    trainer.checkpoint_writer = trainers.CheckpointWriter(
        reporter, watch, start.marker, settings.keep_checkpoints
    )
    facts = _facts(trainer, start) | facts | {"probe": f"{len(prompts)} prompts, {prompts[0].source}"}
    trainers.run(trainer, watch, facts, reporter, start.resume_step)


def datasets(rows: Rows) -> tuple[Any, Any]:
    """Training and held-out rows as TRL takes them; None where nothing is held out."""
    from datasets import Dataset

    return Dataset.from_list(list(rows.train)), Dataset.from_list(
        list(rows.held_out)
    ) if rows.held_out else None


def _own_marker(reporter: Reporter, step: int, base: str, base_hash: str) -> CheckpointMarker:
    marker = checkpoints.marker(reporter.folder, step)
    adapters.check_base(marker, f"Run {reporter.folder.run_id}", base, base_hash)
    return marker


def _parent(recipe: Recipe, reporter: Reporter, marker: CheckpointMarker) -> tuple[Path, str] | None:
    """The checkpoint to continue and its name. A resumed run takes the very one that it began with."""
    if recipe.parent is None:
        return None
    parent = recipe.parent
    if marker.parent is not None:
        parent = parent.model_copy(update={"step": int(marker.parent.rpartition("@")[2])})
    path, found = adapters.parent_checkpoint(reporter.folder.home, parent, recipe.base, marker.base_hash)
    return path, f"{parent.run_id}@{found.step}"


def _facts(trainer: Any, start: Start) -> dict[str, str | int | float]:
    shape = adapters.describe(trainer.model)
    trainable = sum(p.numel() for p in trainer.model.parameters() if p.requires_grad)
    return {
        "device": "CUDA, bfloat16" if start.model.device.type == "cuda" else "CPU, float32",
        "adapter": f"{shape}, new"
        if start.marker.parent is None
        else f"{shape}, continues {start.marker.parent}",
        "trainable parameters": trainable,
        **start.rows.facts(),
    }

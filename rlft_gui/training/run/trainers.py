"""How a transformers Trainer is run here: quiet, watched step by step, and saving into the run folder.

TRL's trainers keep their own loops. Only where a checkpoint goes and what it holds is replaced: the weights in
training, the states of optimiser, schedule and randomness, and a marker; no pickled arguments, no model card, no
reference adapter. For one process and one device.
"""

import json
import os
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from rlft_gui.domain.errors import Stopped
from rlft_gui.domain.home import RunFolder
from rlft_gui.domain.reporting import Reporter
from rlft_gui.training.chat.renderer import RENDERER
from rlft_gui.training.models import checkpoints, weights
from rlft_gui.training.models.checkpoints import CheckpointMarker
from rlft_gui.training.models.observing import random_states, set_random_states
from rlft_gui.training.models.soundness import is_sound
from rlft_gui.training.run.watch import Facts, Watch

WATCH_STATE = "watch.json"


class CheckpointWriter:
    """Writes a run's checkpoints: complete, marked, reported, and the oldest removed."""

    def __init__(self, reporter: Reporter, watch: Watch, marker: CheckpointMarker, keep: int) -> None:
        self._reporter = reporter
        self._watch = watch
        self._marker = marker
        self._keep = keep

    def write(self, step: int, model: Any, tokenizer: Any, save_state: Callable[[Path], None]) -> None:
        """Save what stands after that step.

        Args:
            save_state: writes into the checkpoint's folder what going on needs beside weights and curves.

        Raises:
            Diverged: what stands computes no numbers any more; nothing was saved.
        """
        if not is_sound(model):
            raise self._watch.ruined(step)
        path = self._reporter.folder.checkpoint(step)
        self._reporter.phase("saving")
        checkpoints.discard(path)  # what a killed attempt may have left at this step
        path.mkdir(parents=True)
        weights.save(model, tokenizer, self._marker, path)
        save_state(path)
        (path / WATCH_STATE).write_text(json.dumps(self._watch.state()), encoding="utf-8")
        # The marker comes last, the report after it: what rows and the page know of is complete.
        checkpoints.mark_complete(path, self._marker.model_copy(update={"step": step}))
        self._reporter.checkpoint(step, path)
        # Only now: until the new one is complete, the old one is what a kill falls back on.
        checkpoints.rotate(self._reporter.folder, self._keep)
        self._reporter.phase("training")


class InRunFolder:
    """Mixed into a Trainer class, before it: it saves through a CheckpointWriter, and a stop may break off a step."""

    checkpoint_writer: CheckpointWriter
    watch: Watch
    evaluated: Mapping[str, float]  #: what the last evaluation logged

    def measure(self, rows: int) -> Mapping[str, float]:
        """What evaluating the first so many held-out rows logs."""
        trainer: Any = self
        held_out = trainer.eval_dataset
        trainer.evaluate() if rows >= len(held_out) else trainer.evaluate(held_out.select(range(rows)))
        return self.evaluated

    def training_step(self, *inputs: Any, **named: Any) -> Any:
        """Forward and backward of one batch. Weights change only when all of a step's batches are through."""
        with self.watch.interruptible():
            return super().training_step(*inputs, **named)  # type: ignore[misc]

    def note_step(self) -> None:
        """Remember what a step changes before it changes the weights."""
        self._random_states = random_states()

    def take_back_step(self) -> None:
        """As it was when a step was last noted."""
        set_random_states(self._random_states)

    def save_step(self) -> None:
        trainer: Any = self
        trainer._save_checkpoint(trainer.model, trial=None)

    def _save_checkpoint(self, model: Any, trial: Any) -> None:
        trainer: Any = self
        trainer.checkpoint_writer.write(
            trainer.state.global_step, trainer.model, trainer.processing_class, self._save_state
        )

    def _save_state(self, path: Path) -> None:
        trainer: Any = self
        # Private methods, for the public one would write a folder of its own with pickled arguments.
        trainer._save_optimizer_and_scheduler(str(path))
        trainer._save_scaler(str(path))
        trainer._save_rng_state(str(path))
        trainer.state.save_to_json(str(path / "trainer_state.json"))


class TakesTokens:
    """Mixed into a Trainer class, before it: rows come as tokens (training/chat), so nothing is left to prepare.

    Left to itself the trainer would render the chat template in this process, believe whatever it writes, and turn
    words of a row into control tokens.
    """

    def _prepare_dataset(self, dataset: Any, *_: Any, **__: Any) -> Any:
        return dataset


def run(trainer: Any, watch: Watch, facts: Facts, reporter: Reporter, resume_step: int | None) -> None:
    """Train to the end, to a stop, or from a checkpoint on.

    Raises:
        Diverged: loss, gradient or weights became infinite or undefined, or the loss left its start for good.
        Stopped: the run is to stop, and there is nothing new to save.
    """
    from transformers import PrinterCallback

    trainer.watch = watch
    trainer.remove_callback(PrinterCallback)
    trainer.add_callback(_callback(trainer, watch, facts))
    try:
        if resume_step is None:
            trainer.train()
        else:
            _resume(trainer, watch, facts, reporter, resume_step)
    except Stopped:
        if trainer.state.global_step <= (resume_step or 0):
            raise
        _save_last_whole_step(trainer, reporter.folder)
    watch.check()


def quiet_libraries() -> None:
    """No telemetry, progress bars or advice in the log. Call before the first import of transformers or TRL."""
    # Before the imports below: huggingface_hub reads it once, when it is imported.
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    # It gets ready while the imports below take their seconds.
    RENDERER.warm_up()
    import datasets
    import transformers

    datasets.disable_progress_bars()
    transformers.utils.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()
    # TRL and PEFT use what transformers has given a new name; the log would say so every step.
    warnings.filterwarnings(
        "ignore", message=r".*gradient_checkpointing\w*` is deprecated", category=FutureWarning
    )


def _resume(trainer: Any, watch: Watch, facts: Facts, reporter: Reporter, step: int) -> None:
    path = checkpoints.resolve(reporter.folder, step)
    watch.restore(json.loads((path / WATCH_STATE).read_text(encoding="utf-8")))
    if watch.is_over(step):
        # The Trainer would make one step too many, and then notice.
        trainer._load_from_checkpoint(str(path))
        trainer.state.global_step = step
        watch.begin(step, step, facts)
    else:
        trainer.train(resume_from_checkpoint=str(path))


def _save_last_whole_step(trainer: Any, folder: RunFolder) -> None:
    """After a stop in the middle of a step, which will be made anew."""
    if checkpoints.last_complete(folder) != trainer.state.global_step:
        trainer.take_back_step()
        trainer.save_step()


def _callback(trainer: Any, watch: Watch, facts: Facts) -> Any:
    """Lets a Trainer tell the watch about its steps, and obey."""
    from transformers import TrainerCallback

    class WatchCallback(TrainerCallback):
        def on_train_begin(self, args: Any, state: Any, control: Any, **_: Any) -> None:
            state.num_input_tokens_seen = (
                0  # some trainers count their tokens here; the watch adds earlier attempts'
            )
            watch.begin(state.global_step, state.max_steps, facts)

        def on_log(self, args: Any, state: Any, control: Any, logs: dict[str, float], **_: Any) -> None:
            state.log_history.clear()  # grows with every step, is saved whole each time, and nobody reads it
            # Steps, evaluations and a summary at the end come alike; the summary has neither name.
            if "eval_loss" in logs:
                trainer.evaluated = dict(logs)
            elif "loss" in logs:
                step = state.global_step
                goes_on = watch.trained(step, logs) and watch.goes_on(step, trainer.save_step)
                control.should_training_stop |= not goes_on
                # At the very end of a step, after probe and checkpoint: here a step that is broken off begins anew.
                trainer.note_step()

    return WatchCallback()

"""What running SFT and DPO through a stage costs, beside the same training as a bare TRL script.

Both train Lantern with the preset's settings in one process, by turns; start-up is left out of both. The stage's
probes are left out of the ratio and told on their own: they are what one gets more. The fastest of the turns counts,
for whatever else the machine did only ever adds time.
"""

import tempfile
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rlft_gui.data.rows import load_rows
from rlft_gui.domain.home import Home
from rlft_gui.domain.recipe import ParentRef, Recipe
from rlft_gui.services.specs import load_spec
from rlft_gui.stages import stage
from rlft_gui.training import checkpoints
from rlft_gui.training.loading import base_folder
from rlft_gui.training.testing import RecordingReporter

STEPS = 60
TURNS = 3
TARGET = 1.05  #: largest ratio that is fine


@dataclass(frozen=True)
class Turn:
    """Seconds of one training, apart from start-up: all steps with their checkpoints, and one probe."""

    training: float
    probe: float = 0.0


def main() -> None:
    warnings.simplefilter("ignore")
    print(f"\nTraining Lantern as the preset does, seconds for {STEPS} steps, fastest of {TURNS} turns")
    print(f"{'':6}{'bare TRL':>10}{'stage':>10}{'ratio':>8}{'target':>8}{'one probe':>11}{'probes add':>12}")
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder))
        _stage(home, "sft", "parent")  # warms up the process, and DPO starts from it
        for name, bare in (("sft", _bare_sft), ("dpo", _bare_dpo)):
            _print_row(name, *_take_turns(home, name, bare))


def _print_row(name: str, bare: Turn, ours: Turn) -> None:
    ratio = ours.training / bare.training
    between_probes = ours.training / STEPS * _settings(name)["probe_every"]
    print(
        f"{name:6}{bare.training:10.2f}{ours.training:10.2f}{ratio:8.3f}{TARGET:8.2f}{ours.probe:11.2f}"
        f"{ours.probe / between_probes:12.0%}{'' if ratio <= TARGET else '  above target'}"
    )


def _take_turns(home: Home, name: str, bare: Callable[[Home, dict[str, Any]], float]) -> tuple[Turn, Turn]:
    """The fastest turn of the bare script, and of the stage."""
    parent = None if name == "sft" else "parent"
    settings = _settings(name)
    bares, ours = [], []
    for turn in range(TURNS):
        bares.append(Turn(bare(home, settings)))
        ours.append(_stage(home, name, f"{name}-{turn}", parent))
    return min(bares, key=lambda turn: turn.training), min(ours, key=lambda turn: turn.training)


def _settings(name: str) -> dict[str, Any]:
    """The preset's settings; checkpoints come often enough for one to be written in the middle."""
    chosen = {**load_spec("lantern-dpo").stages[name], "max_steps": STEPS, "checkpoint_every": STEPS // 2}
    return stage(name).settings.model_validate(chosen).model_dump()


def _stage(home: Home, name: str, run_id: str, parent: str | None = None) -> Turn:
    folder = home.run(run_id)
    folder.path.mkdir(parents=True)
    reporter = RecordingReporter(folder, clock=time.perf_counter)
    recipe = Recipe(
        run_id=run_id,
        pipeline_id="benchmark",
        method=name,
        stage=name,
        base="lantern",
        parent=ParentRef(run_id=parent) if parent else None,
        settings=_settings(name),
    )
    stage(name).train(recipe, reporter)
    reporter.phase("over")
    spent: dict[str, float] = {}
    for (phase, began), (_, ended) in zip(reporter.phases, reporter.phases[1:], strict=False):
        spent[phase] = spent.get(phase, 0.0) + ended - began
    probes = sum(phase == "probing" for phase, _ in reporter.phases)
    return Turn(training=spent["training"] + spent["saving"], probe=spent["probing"] / probes)


def _bare_sft(home: Home, settings: dict[str, Any]) -> float:
    """As TRL's documentation has it, on the rows that the stage trains on."""
    from datasets import Dataset
    from peft import LoraConfig
    from trl import SFTConfig, SFTTrainer

    model, tokenizer = _base()
    trainer = SFTTrainer(
        model=model,
        args=SFTConfig(**_arguments(home, settings), completion_only_loss=True),
        train_dataset=Dataset.from_list(_rows(home, settings, ("completion",), tokenizer)),
        processing_class=tokenizer,
        peft_config=LoraConfig(
            r=settings["lora_rank"],
            lora_alpha=settings["lora_alpha"],
            lora_dropout=settings["lora_dropout"],
            target_modules=settings["lora_targets"],
            task_type="CAUSAL_LM",
        ),
    )
    return _timed(trainer)


def _bare_dpo(home: Home, settings: dict[str, Any]) -> float:
    """As TRL's documentation has it, continuing the same adapter."""
    from datasets import Dataset
    from peft import PeftModel
    from trl import DPOConfig, DPOTrainer

    model, tokenizer = _base()
    parent = checkpoints.resolve(home.run("parent"), None)
    trainer = DPOTrainer(
        model=PeftModel.from_pretrained(model, parent, is_trainable=True),
        args=DPOConfig(**_arguments(home, settings), beta=settings["beta"], loss_type=[settings["loss"]]),
        train_dataset=Dataset.from_list(_rows(home, settings, ("chosen", "rejected"), tokenizer)),
        processing_class=tokenizer,
    )
    return _timed(trainer)


def _base() -> tuple[Any, Any]:
    from transformers import AutoModelForCausalLM, AutoTokenizer

    folder = base_folder("lantern")
    return AutoModelForCausalLM.from_pretrained(folder), AutoTokenizer.from_pretrained(folder)


def _rows(
    home: Home, settings: dict[str, Any], answers: tuple[str, ...], tokenizer: Any
) -> list[dict[str, Any]]:
    from rlft_gui.training.rows import prepare

    rows = load_rows(home, settings["data"])
    return list(prepare(rows, answers, tokenizer, settings["max_length"], settings["eval_share"]).train)


def _arguments(home: Home, settings: dict[str, Any]) -> dict[str, Any]:
    return {
        "output_dir": str(home.path / "bare"),
        "learning_rate": settings["learning_rate"],
        "max_steps": settings["max_steps"],
        "per_device_train_batch_size": settings["batch_size"],
        "gradient_accumulation_steps": settings["gradient_accumulation"],
        "max_length": settings["max_length"],
        "warmup_steps": settings["warmup"],
        "lr_scheduler_type": settings["schedule"],
        "weight_decay": settings["weight_decay"],
        "save_steps": settings["checkpoint_every"],
        "activation_checkpointing": settings["gradient_checkpointing"],
        "seed": 0,
        "data_seed": 0,
        "use_cpu": True,
        "bf16": False,
        "report_to": "none",
        "disable_tqdm": True,
    }


def _timed(trainer: Any) -> float:
    """Seconds from the first step to the last, checkpoints included."""
    from transformers import PrinterCallback, TrainerCallback

    began: list[float] = []

    class Clock(TrainerCallback):
        def on_train_begin(self, *_: Any, **__: Any) -> None:
            began.append(time.perf_counter())

    trainer.remove_callback(PrinterCallback)
    trainer.add_callback(Clock())
    trainer.train()
    return time.perf_counter() - began[0]


if __name__ == "__main__":
    main()

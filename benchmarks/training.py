"""What training through a stage on TRL costs, beside the same training as a bare TRL script.

Both train one model, Lantern, with the same settings and rows in one process, by turns; start-up is left out of both. The stage's
probes are left out of the ratio and told on their own: they are what one gets more. Time is the process's own on the
processor, since the machine is shared, and the fastest of the turns counts. `python -m benchmarks.training kto grpo`
measures only those; `MODEL=FOLDER python -m benchmarks.training sft dpo` does it on a folder of SmolLM2.
"""

import os
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rlft_gui.data.rows import load_rows
from rlft_gui.domain.home import Home
from rlft_gui.domain.recipe import LANTERN, ParentRef, Recipe
from rlft_gui.services.pipelines.specs import load_spec
from rlft_gui.stages import stage
from rlft_gui.stages.kto import marked_answers
from rlft_gui.training.chat import chat
from rlft_gui.training.models import checkpoints
from rlft_gui.training.models.loading import base_folder
from rlft_gui.training.rows import prepare
from rlft_gui.training.run.probe_period import USUAL
from rlft_gui.training.testing import RecordingReporter

BASE = os.environ.get("MODEL", LANTERN)
STEPS, TURNS = (60, 3) if BASE == LANTERN else (8, 2)
#: Settings of stages that no preset here has on Lantern, with a reward that costs nothing itself.
_ONLINE = {"data": "lantern:demonstrations", "batch_size": 8, "max_new_tokens": 48, "learning_rate": 2e-4}
_REWARD = {"length:5-20": 1.0}
SETTINGS: dict[str, dict[str, Any]] = {
    "kto": {"data": "lantern:preferences", "learning_rate": 2e-4},
    "reward_model": {"data": "lantern:preferences", "learning_rate": 1e-3},
    "grpo": {**_ONLINE, "samples_per_prompt": 4, "rewards": _REWARD},
    "rloo": {**_ONLINE, "samples_per_prompt": 4, "rewards": _REWARD},
}
TARGET = 1.05  #: largest ratio that is fine


@dataclass(frozen=True)
class Turn:
    """Seconds of one training, apart from start-up: all steps with their checkpoints, and one probe."""

    training: float
    probe: float = 0.0


def main(names: Sequence[str] = ()) -> None:
    warnings.simplefilter("ignore")
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # both sides: a stage would take what is free
    print(f"\nTraining {Path(BASE).name}, processor seconds for {STEPS} steps, fastest of {TURNS} turns")
    print(f"{'':13}{'bare TRL':>10}{'stage':>10}{'ratio':>8}{'target':>8}{'one probe':>11}{'probes add':>12}")
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder))
        _stage(home, "sft", "parent")  # warms up the process, and the others start from it
        for name in names or BARE:
            _print_row(name, *_take_turns(home, name, BARE[name]))


def _print_row(name: str, bare: Turn, ours: Turn) -> None:
    ratio = ours.training / bare.training
    between_probes = ours.training / STEPS * (_settings(name)["probe_every"] or USUAL)
    print(
        f"{name:13}{bare.training:10.2f}{ours.training:10.2f}{ratio:8.3f}{TARGET:8.2f}{ours.probe:11.2f}"
        f"{ours.probe / between_probes:12.0%}{'' if ratio <= TARGET else '  above target'}"
    )


def _take_turns(home: Home, name: str, bare: Callable[[Home, dict[str, Any]], float]) -> tuple[Turn, Turn]:
    """The fastest turn of the bare script, and of the stage."""
    parent = None if name in ("sft", "reward_model") else "parent"
    settings = _settings(name)
    bares, ours = [], []
    for turn in range(TURNS):
        bares.append(Turn(bare(home, settings)))
        ours.append(_stage(home, name, f"{name}-{turn}", parent))
    return min(bares, key=lambda turn: turn.training), min(ours, key=lambda turn: turn.training)


def _settings(name: str) -> dict[str, Any]:
    """The settings of both; checkpoints come often enough for one to be written in the middle."""
    own = (
        SETTINGS.get(name) or load_spec("lantern-dpo" if BASE == LANTERN else f"smollm2-{name}").stages[name]
    )
    chosen = {**own, "max_steps": STEPS, "checkpoint_every": STEPS // 2}
    return stage(name).settings.model_validate(chosen).model_dump()


def _stage(home: Home, name: str, run_id: str, parent: str | None = None) -> Turn:
    folder = home.run(run_id)
    folder.path.mkdir(parents=True)
    reporter = RecordingReporter(folder, clock=time.process_time)
    recipe = Recipe(
        run_id=run_id,
        pipeline_id="benchmark",
        method=name,
        stage=name,
        base=BASE,
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
        args=SFTConfig(
            **_arguments(home, settings), max_length=settings["max_length"], completion_only_loss=True
        ),
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
    from trl import DPOConfig, DPOTrainer

    model, tokenizer = _warmed_up(home)
    trainer = DPOTrainer(
        model=model,
        args=DPOConfig(
            **_arguments(home, settings),
            max_length=settings["max_length"],
            beta=settings["beta"],
            loss_type=[settings["loss"]],
        ),
        train_dataset=Dataset.from_list(_rows(home, settings, ("chosen", "rejected"), tokenizer)),
        processing_class=tokenizer,
    )
    return _timed(trainer)


def _bare_kto(home: Home, settings: dict[str, Any]) -> float:
    """As TRL's documentation has it, on answers taken apart and mixed beforehand, as it asks for."""
    from datasets import Dataset
    from trl import KTOConfig, KTOTrainer

    model, tokenizer = _warmed_up(home)
    answers = marked_answers(load_rows(home, settings["data"]), seed=0)
    rows = prepare(
        answers, ("completion",), chat(tokenizer), settings["max_length"], settings["eval_share"]
    ).train
    trainer = KTOTrainer(
        model=model,
        args=KTOConfig(
            **_arguments(home, settings), max_length=settings["max_length"], beta=settings["beta"]
        ),
        train_dataset=Dataset.from_list(list(rows)),
        processing_class=tokenizer,
    )
    return _timed(trainer)


def _bare_reward_model(home: Home, settings: dict[str, Any]) -> float:
    """As TRL's documentation has it, from the base."""
    from datasets import Dataset
    from peft import LoraConfig
    from transformers import AutoModelForSequenceClassification
    from trl import RewardConfig, RewardTrainer

    _, tokenizer = _base()
    trainer = RewardTrainer(
        model=AutoModelForSequenceClassification.from_pretrained(base_folder(BASE), num_labels=1),
        args=RewardConfig(
            **_arguments(home, settings),
            max_length=settings["max_length"],
            center_rewards_coefficient=settings["centering"],
        ),
        train_dataset=Dataset.from_list(_rows(home, settings, ("chosen", "rejected"), tokenizer)),
        processing_class=tokenizer,
        peft_config=LoraConfig(
            r=settings["lora_rank"],
            lora_alpha=settings["lora_alpha"],
            target_modules=settings["lora_targets"],
            task_type="SEQ_CLS",
            modules_to_save=["score"],
        ),
    )
    return _timed(trainer)


def _bare_grpo(home: Home, settings: dict[str, Any]) -> float:
    from trl import GRPOConfig, GRPOTrainer

    return _bare_online(home, settings, GRPOTrainer, GRPOConfig, {"loss_type": settings["loss"]})


def _bare_rloo(home: Home, settings: dict[str, Any]) -> float:
    from trl import RLOOConfig, RLOOTrainer

    return _bare_online(home, settings, RLOOTrainer, RLOOConfig, {})


def _bare_online(
    home: Home, settings: dict[str, Any], trainer: Any, config: Any, own: dict[str, Any]
) -> float:
    """As TRL's documentation has it, with a reward function that counts words."""
    from datasets import Dataset

    def five_to_twenty_words(completions: list[list[dict[str, str]]], **_: Any) -> list[float]:
        return [float(5 <= len(messages[0]["content"].split()) <= 20) for messages in completions]

    model, tokenizer = _warmed_up(home)
    prompts = [{"prompt": row["prompt"]} for row in _rows(home, settings, (), tokenizer)]
    arguments = _arguments(home, settings)
    arguments["per_device_train_batch_size"] *= settings["samples_per_prompt"]
    return _timed(
        trainer(
            model=model,
            args=config(
                **arguments,
                **own,
                num_generations=settings["samples_per_prompt"],
                max_completion_length=settings["max_new_tokens"],
                temperature=settings["temperature"],
                beta=settings["beta"],
            ),
            reward_funcs=five_to_twenty_words,
            train_dataset=Dataset.from_list(prompts),
            processing_class=tokenizer,
        )
    )


BARE = {
    "sft": _bare_sft,
    "dpo": _bare_dpo,
    "kto": _bare_kto,
    "reward_model": _bare_reward_model,
    "grpo": _bare_grpo,
    "rloo": _bare_rloo,
}


def _warmed_up(home: Home) -> tuple[Any, Any]:
    """The base with the parent run's adapter, to be continued."""
    from peft import PeftModel

    model, tokenizer = _base()
    parent = checkpoints.resolve(home.run("parent"), None)
    return PeftModel.from_pretrained(model, parent, is_trainable=True), tokenizer


def _base() -> tuple[Any, Any]:
    from transformers import AutoModelForCausalLM, AutoTokenizer

    folder = base_folder(BASE)
    return AutoModelForCausalLM.from_pretrained(folder, dtype="float32"), AutoTokenizer.from_pretrained(
        folder
    )


def _rows(
    home: Home, settings: dict[str, Any], answers: tuple[str, ...], tokenizer: Any
) -> list[dict[str, Any]]:
    rows = load_rows(home, settings["data"])
    kept = prepare(rows, answers, chat(tokenizer), settings["max_length"], settings["eval_share"]).train
    return [{name: row[name] for name in ("prompt", *answers)} for row in kept]


def _arguments(home: Home, settings: dict[str, Any]) -> dict[str, Any]:
    return {
        "output_dir": str(home.path / "bare"),
        "learning_rate": settings["learning_rate"],
        "max_steps": settings["max_steps"],
        "per_device_train_batch_size": settings["batch_size"],
        "gradient_accumulation_steps": settings["gradient_accumulation"],
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
            began.append(time.process_time())

    trainer.remove_callback(PrinterCallback)
    trainer.add_callback(Clock())
    trainer.train()
    return time.process_time() - began[0]


if __name__ == "__main__":
    main(sys.argv[1:])

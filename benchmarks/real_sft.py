"""SFT of a small real model, ten steps of 4 × 256 tokens, by `rlft train` beside a bare TRL script: seconds from call to end.

    python -m benchmarks real_sft          makes SmolLM2-135M-Instruct first (98 MB are downloaded); MODEL=FOLDER takes another

Both begin as a new process, read the same rows from the same file and train an adapter of rank 16. Ours does beside that what a
run is for: held-out rows, a probe before and after, a checkpoint, curves.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import yaml

from benchmarks.real_model import make
from rlft_gui.data.rows import load_rows
from rlft_gui.domain.home import Home

STEPS, BATCH, LENGTH, ROWS = 10, 4, 256, 600

BARE = """
import json, sys
from datasets import Dataset
from peft import LoraConfig
from transformers import AutoModelForCausalLM, AutoTokenizer
from trl import SFTConfig, SFTTrainer
rows, base, steps, batch, length, out = sys.argv[1], sys.argv[2], *map(int, sys.argv[3:6]), sys.argv[6]
rows = Dataset.from_list([json.loads(line) for line in open(rows)])
arguments = SFTConfig(output_dir=out, max_steps=steps, per_device_train_batch_size=batch, max_length=length,
    learning_rate=2e-4, report_to="none", use_cpu=True, bf16=False, gradient_checkpointing=False, save_strategy="no",
    logging_steps=1, disable_tqdm=True)
adapter = LoraConfig(r=16, lora_alpha=32, target_modules="all-linear", task_type="CAUSAL_LM")
model = AutoModelForCausalLM.from_pretrained(base, dtype="float32")
trainer = SFTTrainer(model, args=arguments, train_dataset=rows, peft_config=adapter,
    processing_class=AutoTokenizer.from_pretrained(base))
trainer.train()
trainer.save_model(out)
"""


def main() -> None:
    environment = os.environ | {"HF_HUB_OFFLINE": "1"}
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work)
        base = Path(os.environ["MODEL"]) if "MODEL" in os.environ else make(folder / "SmolLM2-135M-Instruct")
        rows = _rows(folder / "rows.jsonl")
        numbers = [str(number) for number in (STEPS, BATCH, LENGTH)]
        bare = [sys.executable, "-c", BARE, str(rows), str(base), *numbers, str(folder / "bare")]
        peer = _seconds(bare, environment)
        recipe = _recipe(folder / "recipe.yaml", base, rows)
        ours = _seconds(
            [sys.executable, "-m", "rlft_gui", "train", str(recipe), "--home", str(folder / "home")],
            environment,
        )
        load = os.getloadavg()[0]
        print(
            f"SFT of {base.name}, {STEPS} steps of {BATCH} x {LENGTH} tokens, from call to end, load {load:.1f}"
        )
        print(f"  bare TRL {peer:6.1f} s   rlft train {ours:6.1f} s   ratio {ours / peer:4.2f}")
        _tell_phases(next((folder / "home" / "runs").glob("*")) / "events.jsonl")


def _rows(path: Path) -> Path:
    """Built-in demonstrations with answers long enough to fill a row: several of them in one."""
    shown = load_rows(Home(path.parent), "lantern:demonstrations")
    lines = []
    for start in range(ROWS):
        some = [shown[(7 * start + k) % len(shown)] for k in range(12)]
        answer = " ".join(row["completion"][0]["content"] for row in some)
        lines.append(
            {
                "prompt": [{"role": "user", "content": some[0]["prompt"][-1]["content"] + f" ({start})"}],
                "completion": [{"role": "assistant", "content": answer}],
            }
        )
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


def _recipe(path: Path, base: Path, rows: Path) -> Path:
    settings: dict[str, Any] = {
        "data": str(rows),
        "max_steps": STEPS,
        "batch_size": BATCH,
        "max_length": LENGTH,
    }
    spec = {"title": "SFT", "method": "sft", "base": str(base), "seed": 0, "stages": {"sft": settings}}
    path.write_text(yaml.safe_dump(spec))
    return path


def _seconds(command: list[str], environment: dict[str, str]) -> float:
    began = time.perf_counter()
    subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - began


def _tell_phases(events: Path) -> None:
    told = [json.loads(line) for line in events.read_text().splitlines()]
    marks = [(one["time"], one["phase"]) for one in told if one["kind"] == "phase"]
    ends = [at for at, _ in marks[1:]] + [told[-1]["time"]]
    spent: dict[str, float] = {}
    for (at, phase), end in zip(marks, ends, strict=True):
        spent[phase] = spent.get(phase, 0.0) + end - at
    print("  of these: " + ", ".join(f"{phase} {seconds:.1f} s" for phase, seconds in spent.items()))


if __name__ == "__main__":
    main()

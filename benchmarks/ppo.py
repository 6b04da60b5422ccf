"""What PPO costs beside the PPOTrainer that TRL last shipped: samples per second of processor, and peak memory.

TRL dropped PPO in 1.13, so the peer is TRL 1.12 in an environment of its own, made on the first run in the user's cache
folder. Each measurement is a fresh process on one thread.

Speed: Lantern with a new adapter and the same reward model, prompts, rollouts, epochs and longest answer. Ours has the
batches that it takes by itself; TRL's updates are made in batches of 64 and again of 16, and the faster is compared, in
rounds that take turns: a machine that others use is not equally fast throughout. Medians are printed, and the ratio of each round.
TRL trains a whole value model beside the policy's adapter, as it always does. Processor time counts from the end of the first step
to the end of the last, so start-up, probes and checkpoints are left out.

Memory: a Llama of 113 million random parameters, a few rollouts. Ours has all four roles on one base, the policy
continuing an adapter. The peer has policy, reference, value and reward models apart, trained whole, as in TRL's own
example; and again with an adapter for the policy, where TRL needs no reference model. It is the largest resident set
of the process by the kernel's count, libraries included, nothing subtracted.
"""

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path
from typing import Any

from platformdirs import user_cache_path

from rlft_gui.data.inspection import Detection
from rlft_gui.data.kept import KeptRows
from rlft_gui.data.rows import load_rows
from rlft_gui.data.store import store
from rlft_gui.domain.dataset import DataType
from rlft_gui.domain.home import Home
from rlft_gui.domain.recipe import ParentRef, Recipe
from rlft_gui.stages import stage
from rlft_gui.stages.ppo import different
from rlft_gui.training.testing import RecordingReporter

TRL = "1.12"
PEER_SCRIPT = Path(__file__).parent / "ppo_peer.py"
CONSTRAINTS = Path(__file__).parent.parent / "constraints.txt"
LEAST_SPEED_UP, MOST_MEMORY = 3.5, 0.45
PEER_BATCHES = (64, 16)
ROUNDS = 3

LANTERN: dict[str, Any] = {
    "steps": 4,
    "rollouts": 64,
    "ppo_epochs": 4,
    "minibatches": 1,
    "max_new_tokens": 64,
    "learning_rate": 1e-3,
    "kl_coefficient": 0.15,
    "lora_rank": 16,
    "lora_alpha": 32,
}
LARGE = {**LANTERN, "steps": 2, "rollouts": 8, "batch_size": 8, "ppo_epochs": 1, "max_new_tokens": 16}


def main() -> None:
    warnings.simplefilter("ignore")
    python = _peer_environment()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        _in_process("prepare", path)
        _print_speed(*_rounds(python, path))
        _print_memory(
            _in_process("ours", path, "memory", "0")["peak_mib"],
            {
                tuning: _peer(python, path, "memory", tuning, LARGE["batch_size"])["peak_mib"]
                for tuning in ("full", "lora")
            },
        )


def _rounds(python: Path, path: Path) -> tuple[list[Any], list[Any], int]:
    """Ours and the peer's by turns, and the batch of the peer's that was faster in the first turn."""
    ours = [_own_turn(path, 0)]
    found = {batch: _peer_turn(python, path, batch) for batch in PEER_BATCHES}
    batch = max(found, key=lambda batch: found[batch]["samples_per_second"])
    peers = [found[batch]]
    for turn in range(1, ROUNDS):
        ours.append(_own_turn(path, turn))
        peers.append(_peer_turn(python, path, batch))
    return ours, peers, batch


def _own_turn(path: Path, turn: int) -> Any:
    return _told("ours", _in_process("ours", path, "speed", str(turn)))


def _peer_turn(python: Path, path: Path, batch: int) -> Any:
    return _told(f"TRL, batches of {batch}", _peer(python, path, "speed", "lora", batch))


def _told(name: str, found: Any) -> Any:
    """A turn takes a minute or more, so each is told as it ends."""
    print(f"{name:20}{found['samples_per_second']:8.1f} samples a second of processor", flush=True)
    return found


def _print_speed(ours: list[Any], peers: list[Any], batch: int) -> None:
    speeds = [[each["samples_per_second"] for each in those] for those in (ours, peers)]
    own, peer = map(statistics.median, speeds)
    ratios = [mine / theirs for mine, theirs in zip(*speeds, strict=True)]
    lengths = [statistics.median(each["length"] for each in those) for those in (peers, ours)]
    ratio = statistics.median(ratios)
    print(f"\nPPO on Lantern, samples per second of processor (TRL {TRL} beside it, in batches of {batch})")
    print(f"{'TRL':>10}{'ours':>10}{'ratio':>8}{'target':>8}{'tokens per answer, TRL and ours':>36}")
    print(
        f"{peer:10.1f}{own:10.1f}{ratio:8.2f}{LEAST_SPEED_UP:8.2f}{lengths[0]:26.1f}{lengths[1]:10.1f}"
        f"{'' if ratio >= LEAST_SPEED_UP else '  below target'}"
    )
    print(f"ratios by round: {', '.join(f'{each:.2f}' for each in ratios)}")
    print(f"load: {', '.join(f'{load:.1f}' for load in os.getloadavg())} of {os.cpu_count()} processors")


def _print_memory(ours: float, peers: dict[str, float]) -> None:
    print("\nPPO on a Llama of 113 million parameters, peak memory in MiB")
    print(f"{'':34}{'TRL':>10}{'ours':>10}{'ratio':>8}{'target':>8}")
    words = {
        "full": "four models, trained whole",
        "lora": "three models, adapter for the policy",
    }
    for tuning, peak in peers.items():
        ratio = ours / peak
        target = (
            f"{MOST_MEMORY:8.2f}{'' if ratio <= MOST_MEMORY else '  above target'}"
            if tuning == "full"
            else ""
        )
        print(f"{words[tuning]:36}{peak:8.0f}{ours:10.0f}{ratio:8.2f}{target}")


def _peer_environment() -> Path:
    """The Python with TRL's last PPO; its other libraries are of the versions that this project uses."""
    folder = user_cache_path("rlft_gui") / f"trl-{TRL}"
    python, ready = folder / "bin" / "python", folder / "ready"
    if not ready.exists():
        print(f"Making an environment with TRL {TRL} in {folder}")
        shared = folder / "constraints.txt"
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        kept = [line for line in CONSTRAINTS.read_text().splitlines() if not line.startswith("trl==")]
        shared.write_text("\n".join(kept))
        install = [
            str(python),
            "-m",
            "pip",
            "install",
            "-q",
            "--disable-pip-version-check",
            "-c",
            str(shared),
        ]
        subprocess.run([*install, f"trl=={TRL}.*", "torch", "transformers", "peft"], check=True)
        ready.touch()
    return python


def _in_process(*arguments: str | Path) -> Any:
    """What this module, run as a script with these arguments, prints last."""
    return _last_line([sys.executable, "-W", "ignore", "-m", "benchmarks.ppo", *map(str, arguments)])


def _peer(python: Path, path: Path, what: str, tuning: str, batch: int) -> Any:
    return _last_line([str(python), "-W", "ignore", str(PEER_SCRIPT), str(path), what, tuning, str(batch)])


def _last_line(command: list[str]) -> Any:
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1"}
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=environment)
    return json.loads(done.stdout.splitlines()[-1])


def _prepare(path: Path) -> None:
    """Bases, reward models, an adapter to continue, and what the peer reads of all that."""
    home = Home(path)
    tiny = {"max_steps": 1, "batch_size": 2, "probe_prompts": 8, "eval_share": 0.0}
    for name, base in (("speed", "lantern"), ("memory", _large_base(path))):
        pairs = tiny | {"data": _few_rows(home, DataType.PREFERENCES)}
        _train(home, "reward_model", f"reward-{name}", base, pairs)
        _export(home, name, base, path / name)
    answers = tiny | {"data": _few_rows(home, DataType.DEMONSTRATIONS)}
    _train(home, "sft", "parent", str(path / "memory" / "base"), answers)
    prompts = [row["prompt"] for row in different(load_rows(home, "lantern:demonstrations"))]
    (path / "prompts.json").write_text(json.dumps(prompts))
    (path / "settings.json").write_text(json.dumps({"speed": LANTERN, "memory": LARGE}))


def _few_rows(home: Home, data: DataType) -> str:
    """Store eight rows; returns the dataset's id. What is learned from them does not matter here."""
    rows = KeptRows(load_rows(home, f"lantern:{data.value}")[:8])
    few = Detection(name="few", type=data, format="benchmark", rows_read=8, rows=rows, dropped=0)
    return store(home, few, owner="local").id


def _large_base(path: Path) -> str:
    """A Llama of 113 million random parameters with Lantern's tokenizer."""
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    from rlft_gui.training.models.loading import load_base

    _, tokenizer = load_base("lantern")
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=768,
        intermediate_size=3072,
        num_hidden_layers=12,
        num_attention_heads=12,
        max_position_embeddings=1024,
        pad_token_id=tokenizer.pad_token_id,
        eos_token_id=tokenizer.eos_token_id,
        bos_token_id=None,
        tie_word_embeddings=True,
    )
    folder = path / "memory" / "base"
    LlamaForCausalLM(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return str(folder)


def _export(home: Home, name: str, base: str, folder: Path) -> None:
    """The reward model as the plain sequence classifier that TRL takes, and the base beside it."""
    from peft import PeftModel
    from transformers import AutoModelForSequenceClassification

    from rlft_gui.training.models import checkpoints
    from rlft_gui.training.models.loading import load_base

    model, tokenizer = load_base(base)
    if not (folder / "base").exists():
        model.save_pretrained(folder / "base")
        tokenizer.save_pretrained(folder / "base")
    classifier = AutoModelForSequenceClassification.from_pretrained(
        folder / "base", num_labels=1, pad_token_id=tokenizer.pad_token_id
    )
    trained = PeftModel.from_pretrained(classifier, checkpoints.resolve(home.run(f"reward-{name}"), None))
    trained.merge_and_unload().save_pretrained(folder / "reward")


def _ours(path: Path, what: str, turn: str) -> dict[str, float]:
    """Run the stage, and say how fast it was and how much memory it took."""
    settings = LANTERN if what == "speed" else LARGE
    base = "lantern" if what == "speed" else str(path / "memory" / "base")
    rest: dict[str, Any] = {
        "data": "lantern:demonstrations",
        "reward_model": f"reward-{what}",
        "target_kl": 0.0,
    }
    rest |= {"probe_every": 1_000, "probe_prompts": 8, "eval_share": 0.0}
    parent = None if what == "speed" else "parent"
    reporter = _train(Home(path), "ppo", f"ppo-{what}-{turn}", base, {**settings, **rest}, parent)
    spent = reporter.ends[settings["steps"]] - reporter.ends[1]
    return {
        "samples_per_second": (settings["steps"] - 1) * settings["rollouts"] / spent,
        "length": sum(reporter.curves["length/mean"].values()) / settings["steps"],
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


class _Timed(RecordingReporter):
    """Remembers when each step's metrics came, in seconds of processor."""

    ends: dict[int, float]

    def metrics(self, step: int, values: Any) -> None:
        super().metrics(step, values)
        if "loss" in values:
            self.ends[step] = time.process_time()


def _train(
    home: Home, name: str, run_id: str, base: str, settings: dict[str, Any], parent: str | None = None
) -> _Timed:
    folder = home.run(run_id)
    folder.path.mkdir(parents=True)
    reporter = _Timed(folder)
    reporter.ends = {}
    recipe = Recipe(
        run_id=run_id,
        pipeline_id="benchmark",
        method=name,
        stage=name,
        base=base,
        parent=ParentRef(run_id=parent) if parent else None,
        settings=stage(name).settings.model_validate(settings).model_dump(),
    )
    stage(name).train(recipe, reporter)
    return reporter


if __name__ == "__main__":
    if sys.argv[1:2] == ["prepare"]:
        _prepare(Path(sys.argv[2]))
        print("{}")
    elif sys.argv[1:2] == ["ours"]:
        print(json.dumps(_ours(Path(sys.argv[2]), *sys.argv[3:])))
    else:
        main()

"""Every method on a small real model, SmolLM2-135M-Instruct: its preset, what it costs, and what it changed on held-out prompts.

    make real                                                       all presets with seed 0, in a temporary folder
    python -m benchmarks.real SEED... --folder FOLDER               what FOLDER has is kept, and the table is of all of it
    python -m benchmarks.real SEED... --folder FOLDER --preset NAME only this preset; may be given several times

The model is added to FOLDER/home where it is missing (98 MB are downloaded). Held-out prompts are about other names, things and
facts than the training rows. Each is answered once, at temperature 0.7 with a fixed seed; an answer passes if it satisfies every
term, and the base answers the same prompts as the control. Seconds are of the whole pipeline as launched, probes included.
"""

import argparse
import itertools
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.evaluation import Interval, mean, paired_difference
from rlft_gui.domain.comparison import Sampling
from rlft_gui.domain.home import Home
from rlft_gui.services.pipelines.specs import load_spec, presets

SAMPLING = Sampling(temperature=0.7, max_new_tokens=64, seed=0)
BASE = "base"
MOST_PROMPTS = 32
_MEGABYTE = 2**20
_LOOK_EVERY = 0.5  #: seconds between two looks at the memory of processes


#: What a good answer is, in words, by the held-out prompts that a preset is judged by.
GOOD = {
    "tasks:records-held-out": "JSON with the right values",
    "tasks:short-held-out": "one sentence of 3 to 20 words, as wished",
    "tasks:questions-held-out": "one sentence of 3 to 20 words",
}
PRESETS = tuple(preset.name for preset in presets() if preset.spec.base == "smollm2")


def run(folder: Path, names: Sequence[str], seeds: Sequence[int]) -> None:
    """Train and measure what is not there yet."""
    home = folder / "home"
    base = _base(home)
    for name in names:
        for seed in seeds:
            _kept(folder / f"{name}-{seed}.json", partial(_trained, home, base, name, seed))
        measure = load_spec(name).measure
        _kept(_of_base(folder, measure), partial(_answered, base, None, measure))


def _of_base(folder: Path, measure: Mapping[str, Any]) -> Path:
    return folder / f"{BASE}-{measure['held_out'].replace(':', '-')}.json"


def _kept(file: Path, make: Callable[[], dict[str, Any]]) -> None:
    if not file.exists():
        found = make()
        file.write_text(json.dumps(found))
        print(f"{file.stem}: {mean(found['passed']):.2f}", file=sys.stderr)


def _base(home: Path) -> str:
    """The folder of the model in this home, which is added where it is missing."""
    home.mkdir(parents=True, exist_ok=True)
    if not _added(home):
        _rlft(home, "model", "add", "smollm2")
    return _added(home)[0]


def _added(home: Path) -> list[str]:
    return [one["base"] for one in _rlft(home, "model", "list") if one["name"] == "smollm2"]


def _trained(home: Path, base: str, preset: str, seed: int) -> dict[str, Any]:
    with watched(home) as used:
        started = time.monotonic()
        runs = [one["id"] for one in _rlft(home, "train", preset, "--set", f"seed={seed}")["runs"]]
        seconds = time.monotonic() - started
    return {
        "seconds": seconds,
        "processor": used.processor,
        "peak": used.peak,
        "load": os.getloadavg()[0],
        "step": {one: found for one in runs if (found := seconds_a_step(home, one))},
        **_answered(base, Home(home).run(runs[-1]).path, load_spec(preset).measure),
    }


def _rlft(home: Path, *command: str) -> Any:
    done = subprocess.run(
        [sys.executable, "-m", "rlft_gui", *command, "--json", "--home", str(home)],
        capture_output=True,
        text=True,
    )
    if done.returncode:
        sys.exit(f"rlft {' '.join(command)}: {done.stderr}")
    return json.loads(done.stdout)


@dataclass
class Used:
    """What the processes of a home took while they were watched: resident bytes of the largest, seconds of processor of all."""

    peak: int = 0
    _seconds: dict[tuple[int, float], float] = field(default_factory=dict)  #: by process and when it was made
    _before: dict[tuple[int, float], float] = field(default_factory=dict)

    @property
    def processor(self) -> float:
        return sum(taken - self._before.get(process, 0.0) for process, taken in self._seconds.items())

    def begin(self, home: Path) -> None:
        """What is there already has worked for others."""
        self.look(home)
        self.peak, self._before = 0, dict(self._seconds)

    def look(self, home: Path) -> None:
        import psutil

        for process in psutil.process_iter():
            with suppress(psutil.Error):  # it may end meanwhile
                if any(str(home) in part for part in process.cmdline()):
                    times = process.cpu_times()
                    self.peak = max(self.peak, process.memory_info().rss)
                    self._seconds[process.pid, process.create_time()] = times.user + times.system


@contextmanager
def watched(home: Path) -> Iterator[Used]:
    """What is used while the block runs, as seen several times a second."""
    used, is_over = Used(), threading.Event()
    used.begin(home)

    def watch() -> None:
        while not is_over.wait(_LOOK_EVERY):
            used.look(home)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield used
    finally:
        is_over.set()
        watcher.join()


def seconds_a_step(home: Path, run_id: str) -> float | None:
    """The mean time between two steps of training, probes left out; None where a run has none."""
    events = [json.loads(line) for line in Home(home).run(run_id).events.read_text().splitlines()]
    steps = [
        e for e in events if e["kind"] == "metrics" and ("loss" in e["values"] or "made/rows" in e["values"])
    ]
    looks = [e["time"] for e in events if e["kind"] == "phase" and e["phase"] != "training"]
    gaps = [
        (after["time"] - before["time"]) / (after["step"] - before["step"])
        for before, after in itertools.pairwise(steps)
        if not any(before["time"] < look < after["time"] for look in looks)
    ]
    return mean(gaps) if gaps else None


def _answered(base: str, run: Path | None, measure: Mapping[str, Any]) -> dict[str, Any]:
    """Whether each answer passes, and how long it is in tokens."""
    from rlft_gui.data.rows import load_rows
    from rlft_gui.domain.reward_terms import parse
    from rlft_gui.training.models.sampling import sample
    from rlft_gui.training.rewards.rules import rule
    from rlft_gui.training.run.trainers import quiet_libraries

    quiet_libraries()
    rows = load_rows(Home(Path()), measure["held_out"])[:MOST_PROMPTS]
    model, tokenizer = _model(base, run)
    answers = sample(model, tokenizer, [row["prompt"] for row in rows], SAMPLING)
    texts = [answer.text for answer in answers]
    scores = [rule(parse(term))(rows, texts) for term in measure["rewards"]]
    return {
        "passed": [float(min(marks) == 1) for marks in zip(*scores, strict=True)],
        "tokens": [len(answer.token_ids) for answer in answers],
        "texts": texts,
    }


def _model(base: str, run: Path | None) -> tuple[Any, Any]:
    from rlft_gui.training.models import adapters, checkpoints, loading

    model, tokenizer = loading.load_base(base, "cpu")
    if run is None:
        return model.eval(), tokenizer
    folder = Home(run.parent.parent).run(run.name)
    return adapters.continued(model, checkpoints.resolve(folder, None)).eval(), tokenizer


def table(folder: Path) -> Iterator[str]:
    """Its lines, in Markdown."""
    yield "| preset | held-out answers that pass | base | trained, by seed | difference [95 %] | tokens | seconds | of processor | a step | peak |"
    yield "|---|---|---|---|---|---|---|---|---|---|"
    for name in PRESETS:
        seeds = [json.loads(file.read_text()) for file in sorted(folder.glob(f"{name}-[0-9]*.json"))]
        measure = load_spec(name).measure
        if seeds:
            base = json.loads(_of_base(folder, measure).read_text())
            yield _row(name, GOOD[measure["held_out"]], base, seeds)


def _row(preset: str, good: str, base: dict[str, Any], seeds: Sequence[dict[str, Any]]) -> str:
    gain: Interval = paired_difference([one["passed"] for one in seeds], [base["passed"]] * len(seeds))
    steps = [f"{name.partition('-')[0]} {value:.1f} s" for name, value in seeds[0]["step"].items()]
    cells = [
        preset,
        good,
        f"{mean(base['passed']):.2f}",
        " ".join(f"{mean(one['passed']):.2f}" for one in seeds),
        gain.text(),
        f"{mean(base['tokens']):.0f} → {mean([mean(one['tokens']) for one in seeds]):.0f}",
        f"{mean([one['seconds'] for one in seeds]):.0f}",
        f"{mean([one['processor'] for one in seeds]):.0f}",
        ", ".join(steps),
        f"{max(one['peak'] for one in seeds) / _MEGABYTE:,.0f} MB",
    ]
    return f"| {' | '.join(cells)} |"


def main() -> None:
    parser = argparse.ArgumentParser(description="Every method on SmolLM2-135M-Instruct.")
    parser.add_argument("seeds", type=int, nargs="*", default=[0])
    parser.add_argument("--folder", type=Path, help="where homes and answers are kept; left out, nowhere")
    parser.add_argument(
        "--preset", action="append", choices=list(PRESETS), help="only this one; may be repeated"
    )
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() if asked.folder is None else nullcontext(asked.folder) as folder:
        run(Path(folder), asked.preset or list(PRESETS), asked.seeds)
        _tell(Path(folder))


def _tell(folder: Path) -> None:
    print(f"{date.today()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    print("\n".join(table(folder)))


if __name__ == "__main__":
    main()

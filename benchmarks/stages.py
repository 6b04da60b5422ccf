"""From a click to the first training step, and from one stage to the next: forked from a warm worker beside executed.

SFT and DPO of a few steps on Lantern, launched as the wizard does, in turns. The warm worker is ready before the click, as
it is when the wizard was open for some seconds. Figures are medians; "end" is from a stage's last report to its exit.
"""

import json
import os
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from statistics import median
from typing import Any

from rlft_gui.domain.home import Home, RunFolder
from rlft_gui.services import open_services
from rlft_gui.services.keeper_process import KeeperStarter
from rlft_gui.services.models.service import Models
from rlft_gui.services.pipelines.launching import Launching
from rlft_gui.services.pipelines.specs import apply_sets, load_spec
from tests.worker.case import kill_all_of

ROUNDS = 3
TARGETS = {"click to first step": 2.5, "end": 0.1}

_KEEPER = (
    "from rlft_gui.keeper.loop import main; from rlft_gui.launchers import LocalLauncher; "
    "main(launcher=LocalLauncher(is_warm={is_warm}))"
)


def main() -> None:
    times: dict[bool, dict[str, list[float]]] = {True: defaultdict(list), False: defaultdict(list)}
    with tempfile.TemporaryDirectory() as folder:
        for number in range(ROUNDS):
            for is_warm in (True, False):
                for name, seconds in _one(Path(folder) / f"{number}-{is_warm}", is_warm=is_warm).items():
                    times[is_warm][name].append(seconds)
    load = os.getloadavg()[0]
    print(f"Stages of few steps on Lantern, median of {ROUNDS}, load {load:.1f}")
    print("                       forked  executed   ratio")
    for name in times[True]:
        ours, peer = median(times[True][name]), median(times[False][name])
        aim = f"   target ≤ {TARGETS[name]} s" if name in TARGETS else ""
        print(f"  {name:20} {ours:6.2f} s {peer:6.2f} s  {ours / peer:6.2f}{aim}")


def _one(path: Path, *, is_warm: bool) -> dict[str, float]:
    """Seconds of one pipeline in a home of its own."""
    services = open_services(path)
    home = services.home
    keeper = KeeperStarter(home, (sys.executable, "-P", "-c", _KEEPER.format(is_warm=is_warm)))
    launching = Launching(home, services.storage, services.datasets, Models(home), keeper)
    try:
        if is_warm:
            _wait_ready(launching, home)
        spec = apply_sets(load_spec("lantern-dpo"), ["sft.max_steps=4", "dpo.max_steps=4"])
        clicked = time.time()
        runs = launching.launch(spec, launch_id="benchmark", user="local").runs
        first, second = (home.run(run.id) for run in runs)
        while not second.exit.exists():
            time.sleep(0.05)
        return _told(first, second, clicked)
    finally:
        services.storage.close()
        kill_all_of(home)


def _wait_ready(launching: Launching, home: Home) -> None:
    launching.prepare()
    log = home.warm("cpu") / "log"
    while not (log.exists() and "Ready" in log.read_text()):
        time.sleep(0.05)


def _told(first: RunFolder, second: RunFolder, clicked: float) -> dict[str, float]:
    one, two = _events(first), _events(second)
    exits = [json.loads(folder.exit.read_bytes())["time"] for folder in (first, second)]
    return {
        "click to start": one[0]["time"] - clicked,
        "loading": _at(one, "plan") - one[0]["time"],
        "click to first step": _first_step(one) - clicked,
        "end": exits[0] - one[-1]["time"],
        "to the next stage": two[0]["time"] - exits[0],
        "next: first step": _first_step(two) - two[0]["time"],
        "both": exits[1] - clicked,
    }


def _events(folder: RunFolder) -> list[dict[str, Any]]:
    return [json.loads(line) for line in folder.events.read_text().splitlines()]


def _at(events: list[dict[str, Any]], kind: str) -> float:
    return next(float(event["time"]) for event in events if event["kind"] == kind)


def _first_step(events: list[dict[str, Any]]) -> float:
    return next(float(e["time"]) for e in events if e["kind"] == "metrics" and e["step"] == 1)


if __name__ == "__main__":
    main()

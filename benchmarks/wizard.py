"""The wizard's settings of an RLHF pipeline on Lantern: time of showing them and of leaving one of their fields.

`python -m benchmarks.wizard [FOLDER]`: beside another checkout of this product, in turns, each round in a process of its
own. `make bench` runs it without one. The ratio is that of the medians.
"""

import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
ROUNDS = 5
TIMES = 20  #: in each round

# Until version 0.2 both were functions of the services and the draft, which worked everything out themselves.
SCRIPT = """
import json, sys, tempfile, time
from pathlib import Path
from rlft_gui.services import open_services
try:
    from rlft_gui.ui.pages.new import settings
    from rlft_gui.ui.pages.new.draft import Draft
    from rlft_gui.ui.pages.new.resolved import ResolvedDraft
    def show(services, draft): return settings.show_settings(ResolvedDraft(services, draft))
    def leave(services, draft): return settings.validate_settings(ResolvedDraft(services, draft))
except ImportError:
    from rlft_gui.ui.new_draft import Draft
    from rlft_gui.ui.new_settings import judge_settings as leave, show_settings as show

services = open_services(Path(tempfile.mkdtemp()))
draft = Draft(method="rlhf", settings={"ppo": {"learning_rate": 1e-4}})
def median(act):
    act(services, draft)  # reads presets and texts, once
    times = []
    for _ in range(int(sys.argv[1])):
        began = time.perf_counter()
        act(services, draft)
        times.append(1000 * (time.perf_counter() - began))
    return sorted(times)[len(times) // 2]
print(json.dumps({"show": median(show), "leave": median(leave)}))
"""


def main(other: Path | None = None) -> None:
    """Print both medians in ms, with the other checkout's and the ratio if there is one."""
    checkouts = [ROOT, *([other] if other else [])]
    found: dict[Path, list[dict[str, float]]] = {checkout: [] for checkout in checkouts}
    for _ in range(ROUNDS):
        for checkout in checkouts:
            found[checkout].append(_measured(checkout))
    print(f"Settings of an RLHF pipeline, median of {ROUNDS} × {TIMES}, load {os.getloadavg()[0]:.1f}")
    for what, words in (("show", "showing them"), ("leave", "leaving a field")):
        ours, *theirs = (statistics.median(each[what] for each in found[checkout]) for checkout in checkouts)
        beside = f"   {theirs[0]:6.1f} ms there   ratio {ours / theirs[0]:.2f}" if theirs else ""
        print(f"  {words:16} {ours:6.1f} ms{beside}")


def _measured(checkout: Path) -> dict[str, float]:
    command = [sys.executable, "-c", SCRIPT, str(TIMES)]
    environment = os.environ | {"PYTHONPATH": str(checkout), "HF_HUB_OFFLINE": "1"}
    done = subprocess.run(command, env=environment, cwd=checkout, check=True, capture_output=True, text=True)
    times: dict[str, float] = json.loads(done.stdout)
    return times


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else None)

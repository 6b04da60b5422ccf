"""Eight processes claim two thousand runs on four devices: each run once, each device once at a time, each process its share."""

import json
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from rlft_gui.storage import open_storage
from rlft_gui.storage._database import BUSY_SECONDS
from tests.fakes.homes import fresh_home
from tests.fakes.pipelines import pipeline
from tests.soak.figures import Figures

pytestmark = [pytest.mark.soak, pytest.mark.timeout(900)]

CLAIMERS = 8
RUNS = 2000
DEVICES = ("gpu:0", "gpu:1", "gpu:2", "gpu:3")


def test_eight_claimers_share_two_thousand_runs(tmp_path: Path, figures: Figures) -> None:
    home = fresh_home(tmp_path)
    storage = open_storage(home)
    for _ in range(RUNS // 10):
        many = pipeline(*["sft"] * 10, linked=False)
        storage.transitions.add(many, launch_id=many.id)
    command = [sys.executable, "-m", "tests.soak.claimer", str(tmp_path), *DEVICES]
    claimers = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(CLAIMERS)
    ]
    for claimer in claimers:
        assert claimer.stdin
        claimer.stdin.write("go\n")
        claimer.stdin.flush()
    shares = [json.loads(claimer.communicate()[0]) for claimer in claimers]
    storage.close()

    for number, share in enumerate(shares, start=1):
        slowest = max((each[4] for each in share), default=0.0)
        figures.add("R7", f"claimer {number}: runs", len(share), "", "> 0")
        figures.add("R7", f"claimer {number}: slowest claim", slowest, "s", "≤ 5")
    claims = [each for share in shares for each in share]
    twice = _held_twice(claims)
    figures.add("R7", "distinct runs claimed", len({each[0] for each in claims}), "", f"= {RUNS}")
    figures.add(
        "R7", "runs claimed more than once", len(claims) - len({each[0] for each in claims}), "", "= 0"
    )
    figures.add("R7", "devices held twice at once", twice, "", "= 0")
    assert (len(claims), len({each[0] for each in claims}), twice) == (RUNS, RUNS, 0)
    assert all(shares)
    assert max(each[4] for each in claims) < BUSY_SECONDS


def _held_twice(claims: list[tuple[str, str, float, float, float]]) -> int:
    """How often a device was claimed before it was given back. Monotonic clocks of one machine agree."""
    spans = {device: sorted(each[2:4] for each in claims if each[1] == device) for device in DEVICES}
    return sum(later[0] < earlier[1] for of_one in spans.values() for earlier, later in pairwise(of_one))

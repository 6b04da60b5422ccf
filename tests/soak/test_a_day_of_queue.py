"""A day of a busy queue in minutes: hundreds of short runs under one app and one keeper, both real processes.

The wall clock of all of them runs so fast that the runs of the test fill a day; the workers only count. Four people look
on the whole time, stop some runs, resume some and delete some. What app and keeper take of memory (PSS), file handles and
threads is sampled all along, and compared between the second quarter and the last.
"""

import asyncio
import random
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psutil
import pytest

from rlft_gui.domain.run import Run
from rlft_gui.domain.status import RunStatus
from tests.fakes.fast_clock import VARIABLE
from tests.fakes.pipelines import World, wait_until, world
from tests.soak.figures import Figures
from tests.soak.viewing import HOME_PAGE, PATIENCE, RUN_PAGE, RUNS_PAGE, App, Seen, Viewer, parts, signed_in

RUNS = 500
WAITING = 6  #: kept in the queue, so that the keeper never leaves
VIEWERS = 4
DAY = 24 * 3600.0
DAY_SECONDS = 480.0  #: that a day takes; it lasts longer if fewer runs than RUNS have ended by then
EVERY = 1.0  #: s between two samples
WARM_UP = 0.25  #: of the runs; until then caches fill


@dataclass
class Track:
    """What one process took, by sample."""

    ended: list[int] = field(default_factory=list)
    megabytes: list[float] = field(default_factory=list)
    handles: list[float] = field(default_factory=list)
    threads: list[float] = field(default_factory=list)

    def take(self, pid: int, ended: int) -> None:
        """Fails once the process is gone: one keeper lives the whole day, or its growth would go unseen."""
        process = psutil.Process(pid)
        with process.oneshot():
            self.megabytes.append(process.memory_full_info().pss / 1e6)
            self.handles.append(process.num_fds())
            self.threads.append(process.num_threads())
            self.ended.append(ended)

    def part(self, values: Sequence[float], begin: float, end: float) -> list[float]:
        """Values of samples between two shares of the runs."""
        last = self.ended[-1]
        return [value for value, at in zip(values, self.ended, strict=True) if begin <= at / last <= end]

    def growth(self, values: Sequence[float]) -> float:
        """From the second quarter to the last, by medians."""
        return statistics.median(self.part(values, 0.75, 1)) - statistics.median(
            self.part(values, WARM_UP, 0.5)
        )

    def slope(self, values: Sequence[float]) -> float:
        """By a regression behind the warm-up, for a whole day."""
        x = [at / self.ended[-1] for at in self.part(list(map(float, self.ended)), WARM_UP, 1)]
        return statistics.linear_regression(x, self.part(values, WARM_UP, 1)).slope


@pytest.fixture
def fast(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, f"{DAY / DAY_SECONDS}:{time.time()}")


@pytest.fixture
def here(tmp_path: Path, fast: None) -> Iterator[World]:
    with world(tmp_path, is_warm=True) as made:
        yield made


@pytest.mark.soak
@pytest.mark.timeout(2400)
def test_app_and_keeper_stay_as_large_as_they_were(here: World, figures: Figures) -> None:
    tracks: dict[str, Track] = defaultdict(Track)
    for _ in range(WAITING):
        _queue(here)
    with App(here.home.path, (sys.executable, "-m", "tests.fakes.hasty_app")) as (address, app):
        wait_until(lambda: _keepers(here, app))
        (keeper,) = _keepers(here, app)
        began = time.monotonic()
        seen = asyncio.run(_day(here, address, {"app": app, "keeper": keeper}, tracks))
        hours = (time.monotonic() - began) / DAY_SECONDS * 24
        wait_until(lambda: not _keepers(here, app), seconds=120)
        _assert_nothing_was_lost(here)
    figures.add("R19", "runs", len(_all(here)) + seen.deleted, "", f"≥ {RUNS}")
    figures.add("R19", "hours by the clock of the processes", hours, "h", "≥ 24")
    figures.add("R19", "questions of viewers without an answer", seen.failed, "", "= 0")
    for name, track in tracks.items():
        _tell(figures, name, track)


def _keepers(here: World, app: int) -> list[int]:
    """The app's command line names the home as well."""
    return [pid for pid in here.pids("keeper") if pid != app]


def _all(here: World) -> tuple[Run, ...]:
    return here.storage.runs.list(limit=None)


def _tell(figures: Figures, name: str, track: Track) -> None:
    figures.add("R19", f"memory of the {name} at the end", track.megabytes[-1], "MB", "")
    for what, values, most, unit in (
        ("memory", track.megabytes, 8, "MB"),
        ("file handles", track.handles, 4, ""),
        ("threads", track.threads, 4, ""),
    ):
        growth = track.growth(values)
        figures.add(
            "R19", f"growth of {what} of the {name}, last quarter over the second", growth, unit, f"≤ {most}"
        )
        figures.add("R19", f"slope of {what} of the {name} over the day", track.slope(values), unit, "")
        assert growth <= most, (name, what, values[:: max(1, len(values) // 20)])


class Day(Seen):
    """What the viewers met, and how many runs they deleted."""

    deleted = 0


async def _day(here: World, address: str, pids: dict[str, int], tracks: dict[str, Track]) -> Day:
    seen, ended = Day(), asyncio.Event()
    async with httpx.AsyncClient(
        base_url=address, headers=signed_in(here.home.path), timeout=PATIENCE, verify=False
    ) as client:
        served = {
            page: parts((await client.get(f"config?__page={page}")).json()) for page in ("", "run", "runs")
        }
        people = [
            asyncio.create_task(_watch(here, Viewer(client, served["run"], "", seen), served, ended))
            for _ in range(VIEWERS)
        ]
        meddler = asyncio.create_task(_meddle(here, Viewer(client, served["run"], "", seen), ended))
        await _keep_queued(here, pids, tracks)
        ended.set()
        await asyncio.gather(*people, meddler)
    return seen


async def _keep_queued(here: World, pids: dict[str, int], tracks: dict[str, Track]) -> None:
    """Queue runs as others end, and take samples, until the day is over and enough have ended."""
    over = time.monotonic() + DAY_SECONDS
    while (ended := await asyncio.to_thread(_ended, here)) < RUNS or time.monotonic() < over:
        waiting = len(here.storage.runs.list(statuses=(RunStatus.QUEUED,)))
        for _ in range(WAITING - waiting):
            await asyncio.to_thread(_queue, here)
        for name, pid in pids.items():
            tracks[name].take(pid, ended)
        await asyncio.sleep(EVERY)


def _ended(here: World) -> int:
    """Attempts that are over, those of deleted runs left out."""
    return sum(run.attempt for run in _all(here) if run.status.is_ended)


def _queue(here: World) -> None:
    kind = random.random()
    if kind < 0.1:
        here.add_run(steps=20, crash_at=7)
    elif kind < 0.2:
        here.add_run(steps=100)
    else:
        here.add_run(steps=20)


async def _watch(here: World, viewer: Viewer, served: dict[str, dict[str, int]], over: asyncio.Event) -> None:
    """Go from page to page as people do: the start page, the list, a run; load each and stay for a moment."""
    while not over.is_set():
        for path, page, questions in (
            ("", "", HOME_PAGE),
            ("runs", "runs", RUNS_PAGE),
            ("run", "run", RUN_PAGE),
        ):
            runs = await asyncio.to_thread(here.runs.list)
            if not runs or over.is_set():
                continue
            viewer.run_id = random.choice(runs[:20]).id
            viewer.known = {"curves": "", "run_log": -1}
            viewer.parts = served[page]
            (await viewer.client.get(f"{path}?run={viewer.run_id}")).raise_for_status()
            until = time.monotonic() + 4
            await asyncio.gather(*(viewer.ask(name, every, until) for name, every in questions.items()))


async def _meddle(here: World, viewer: Viewer, over: asyncio.Event) -> None:
    """Stop, resume or delete a run now and then; what cannot be done is told in a sentence, and is no failure."""
    while not over.is_set():
        runs = await asyncio.to_thread(here.runs.list)
        run, action = random.choice(runs), random.choice(("stop", "resume", "delete"))
        try:
            await viewer.post("run_action", {"run": run.id, "action": action})
            if action == "delete":
                assert isinstance(viewer.seen, Day)
                viewer.seen.deleted += 1
        except KeyError:
            pass
        await asyncio.sleep(1)


def _assert_nothing_was_lost(here: World) -> None:
    for run in _all(here):
        assert run.status.is_ended, run
        if run.status is RunStatus.SUCCEEDED:
            _assert_whole(here, run)


def _assert_whole(here: World, run: Run) -> None:
    steps = int(run.recipe.settings["steps"])
    assert [point.step for point in here.runs.metrics(run.id)["loss"]] == list(range(steps + 1)), run.id

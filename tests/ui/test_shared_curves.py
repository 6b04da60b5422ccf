"""Fifty browsers look at one run: its points are read once a tick, and every browser still gets each point once."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from rlft_gui.services.shared import TICK
from rlft_gui.storage.reports import Reports
from rlft_gui.ui.components import curves
from rlft_gui.ui.components.payloads import CurvesAsked
from tests.storage.test_events import Case

VIEWERS = 50


class Viewers:
    """Browsers over one app, a clock that only they move, and how often points were read."""

    def __init__(self, case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
        self.case = case
        self.reporter = case.reporter()
        self.now = 0.0
        self.reads = 0
        self.cursors = [""] * VIEWERS
        self.steps: list[list[int]] = [[] for _ in range(VIEWERS)]
        self.strides = [1] * VIEWERS
        self.points_sent = 0
        monkeypatch.setattr(Reports, "series", self._counted(Reports.series))
        services: Any = SimpleNamespace(runs=case.runs)
        self.answers = curves._Curves(services)
        for shared in (self.answers._heads, self.answers._windows, self.answers._answers):
            shared._clock = lambda: self.now

    def _counted(self, read: Any) -> Any:
        def series(*asked: Any, **more: Any) -> Any:
            self.reads += 1
            return read(*asked, **more)

        return series

    def report(self, steps: range) -> None:
        for step in steps:
            self.reporter.metrics(step, {"loss": 1.0})
        self.case.ingest()

    def ask(self, viewer: int) -> None:
        asked = CurvesAsked(runs=((self.case.run.id, self.cursors[viewer]),), names=("loss",))
        (run,) = json.loads(self.answers.answer(asked, "local").body)["ok"]["runs"]
        if run["reset"]:
            self.steps[viewer] = []
        self.cursors[viewer] = run["cursor"]
        if stride := run["strides"].get("loss"):
            self.steps[viewer] = self.steps[viewer][:: stride // self.strides[viewer]]
            self.strides[viewer] = stride
        news = run["points"].get("loss", {"steps": []})["steps"]
        self.steps[viewer] += news
        self.points_sent += len(news)


@pytest.fixture
def viewers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Viewers]:
    case = Case(tmp_path)
    yield Viewers(case, monkeypatch)
    case.storage.close()


def test_fifty_viewers_cost_one_read_a_tick_and_miss_nothing(viewers: Viewers) -> None:
    for tick in range(10):
        viewers.report(range(100 * tick, 100 * (tick + 1)))
        for viewer in range(VIEWERS):
            viewers.ask(viewer)
        viewers.now += TICK

    assert viewers.reads == 10
    assert viewers.steps == [list(range(1000))] * VIEWERS


def test_viewers_a_few_ticks_behind_share_a_window_too(viewers: Viewers) -> None:
    for tick in range(12):
        viewers.report(range(100 * tick, 100 * (tick + 1)))
        for viewer in range(VIEWERS):
            if tick % 2 == viewer % 2:  # a browser asks every other tick
                viewers.ask(viewer)
        viewers.now += TICK

    assert viewers.reads == 12
    assert {len(steps) for steps in viewers.steps} == {1100, 1200}


def test_a_series_that_is_thinned_is_not_sent_again(viewers: Viewers) -> None:
    for tick in range(10):
        viewers.report(range(1000 * tick, 1000 * (tick + 1)))
        for viewer in range(VIEWERS):
            viewers.ask(viewer)
        viewers.now += TICK

    assert viewers.steps == [list(range(0, 10_000, 4))] * VIEWERS
    assert viewers.points_sent == VIEWERS * (4 * 1000 + 4 * 500 + 2 * 250), (
        "each point once, as dense as it is drawn"
    )


def test_an_answer_over_the_wire_is_the_same_packed_or_not(viewers: Viewers) -> None:
    viewers.report(range(100))
    asked = CurvesAsked(runs=((viewers.case.run.id, ""),))

    written = viewers.answers.answer(asked, "local")

    assert gzip.decompress(written.packed) == written.body
    assert viewers.answers.answer(asked, "local") is written, "it is written once"

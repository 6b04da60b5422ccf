"""How much a look takes in: all of a tiny model, of a larger one what a budget allows, and the same ever after."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from rlft_gui.domain.home import Home
from rlft_gui.training.run.look import PROMPTS, READ, ROWS, Look
from rlft_gui.training.run.probe import Probe, ProbePrompt
from rlft_gui.training.testing import RecordingReporter

ABOUT = {"probe": "32 prompts, held out from the data"}


class Model:
    def __init__(self, parameters: int) -> None:
        self._parameters = parameters

    def num_parameters(self) -> int:
        return self._parameters


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class CountingProbe(Probe):
    """Asks as many as `within` allows."""

    def __init__(self, within: int) -> None:
        self.source = ""
        self._prompts = (ProbePrompt("held out from the data", "own-1", "held out", ()),) * 32
        self.asked: list[int | None] = []
        self.seconds: list[float | None] = []
        self._within = within

    def look(self, step: int, count: int | None = None, seconds: float | None = None) -> dict[str, float]:
        self.asked.append(count)
        self.seconds.append(seconds)
        return {"probe/prompts": float(self._within if count is None else count)}


@pytest.fixture
def reporter(tmp_path: Path) -> RecordingReporter:
    return RecordingReporter(Home(tmp_path).run("r"))


class Held:
    """Held-out rows that take `seconds` each."""

    def __init__(self, clock: Clock, seconds: float) -> None:
        self._clock, self._seconds = clock, seconds
        self.rows: list[int] = []

    def __call__(self, rows: int) -> Mapping[str, float]:
        self.rows.append(rows)
        self._clock.now += rows * self._seconds
        return {"eval_loss": 1.0}


def _look(
    reporter: RecordingReporter, parameters: int, a_row: float, **named: Any
) -> tuple[Look, CountingProbe, Held]:
    clock = Clock()
    probe, held = CountingProbe(within=16), Held(clock, a_row)
    model = Model(parameters)
    return Look(model, probe, reporter, 32, 90, held, clock=clock, **named), probe, held


def test_a_tiny_model_takes_all_that_was_asked_for(reporter: RecordingReporter) -> None:
    look, probe, held = _look(reporter, 1_000_000, 100.0)
    look.look(0)
    assert (probe.asked, held.rows) == ([32], [90])
    assert reporter.curves["eval/rows"] == {0: 90}
    assert look.facts() == {**ABOUT, PROMPTS: 32, ROWS: 90}


def test_slow_rows_are_few_and_the_first_ones_count(reporter: RecordingReporter) -> None:
    """135 million parameters on a laptop: 1.4 s a row. What was tried is what is reported; nothing is read twice."""
    look, probe, held = _look(reporter, 135_000_000, 1.4)
    assert look.facts() == ABOUT
    look.look(0)
    look.look(20)
    assert held.rows == [4, 4]
    assert (probe.asked, probe.seconds) == ([None, 16], [4.0, None])
    assert reporter.curves["eval/rows"] == {0: 4, 20: 4}
    assert look.facts() == {**ABOUT, PROMPTS: 16, ROWS: 4}


def test_fast_rows_are_as_many_as_the_budget_allows(reporter: RecordingReporter) -> None:
    look, _, held = _look(reporter, 135_000_000, 0.1)
    look.look(0)
    assert held.rows == [4, 40]  # four seconds of them


def test_a_long_run_may_look_longer(reporter: RecordingReporter) -> None:
    """400 rows of 1.4 s are 560 s at least; 15 % of that for six looks are 14 s each, half of it for rows."""
    look, probe, held = _look(reporter, 135_000_000, 1.4, training_rows=400)
    look.look(0)
    assert held.rows == [4, 5]
    assert probe.seconds == [pytest.approx(7.0)]


def test_a_later_attempt_keeps_to_what_the_first_decided(reporter: RecordingReporter) -> None:
    reporter.folder.path.mkdir(parents=True)
    plans = [
        {"kind": "plan", "facts": facts} for facts in ({"threads": 2}, {PROMPTS: 8, ROWS: 4}, {"threads": 2})
    ]
    lines = [json.dumps(plan, separators=(",", ":")) for plan in plans]
    reporter.folder.events.write_text("\n".join(lines) + "\n")
    look, probe, held = _look(reporter, 135_000_000, 0.001)
    look.look(40)
    assert (probe.asked, held.rows) == ([8], [4])


class Reading:
    """Answers that take `seconds` each to read."""

    def __init__(self, clock: Clock, seconds: float, rows: int) -> None:
        self._clock, self._seconds, self._rows = clock, seconds, rows
        self.read: list[int] = []

    def __len__(self) -> int:
        return self._rows

    def look(self, count: int) -> dict[str, float]:
        self.read.append(count)
        self._clock.now += count * self._seconds
        return {"held/loss": 1.0}


@pytest.mark.parametrize(
    ("parameters", "a_row", "read"),
    [
        (1_000_000, 100.0, [60]),  # a tiny model reads all, however long it takes
        (135_000_000, 0.01, [4, 60]),
        (135_000_000, 0.2, [4, 20]),  # half of 8 s
        (135_000_000, 9.0, [4]),
    ],
)
def test_answers_are_read_as_far_as_the_budget_goes_and_no_further_later(
    reporter: RecordingReporter, parameters: int, a_row: float, read: list[int]
) -> None:
    clock = Clock()
    reading: Any = Reading(clock, a_row, 60)
    look = Look(Model(parameters), CountingProbe(within=16), reporter, 32, reading=reading, clock=clock)
    look.look(0)
    assert reading.read == read
    look.look(20)
    assert reading.read == [*read, read[-1]]
    assert look.facts()[READ] == read[-1]
    assert reporter.curves["held/loss"] == {0: 1.0, 20: 1.0}

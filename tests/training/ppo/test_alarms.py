"""Alarms of PPO: each told once, at its threshold, and not again after a resumption."""

from pathlib import Path

import pytest

from rlft_gui.domain.home import Home
from rlft_gui.training.ppo.alarms import LONG, STEPS, Alarms
from rlft_gui.training.testing import RecordingReporter

CALM = {
    "reward/mean": 0.0,
    "kl/token": 0.1,
    "entropy/token": 1.0,
    "length/mean": 20.0,
    "clip_fraction": 0.1,
    "explained_variance": 0.2,
}


@pytest.fixture
def reporter(tmp_path: Path) -> RecordingReporter:
    return RecordingReporter(Home(tmp_path).run("r"))


def step(alarms: Alarms, steps: int, first: int = 1, **changed: float) -> None:
    for number in range(first, first + steps):
        alarms.stepped(number, CALM | {name.replace("__", "/"): value for name, value in changed.items()})


def names(reporter: RecordingReporter) -> list[str]:
    return [name for _, name, _ in reporter.alarms]


def test_a_calm_run_alarms_nobody(reporter: RecordingReporter) -> None:
    step(Alarms(reporter), 3 * LONG)
    assert names(reporter) == []


@pytest.mark.parametrize(
    ("alarm", "bad"),
    [
        ("kl_high", {"kl__token": 0.31}),
        ("entropy_low", {"entropy__token": 0.24}),
        ("length_grows", {"length__mean": 30.1}),
        ("clipping", {"clip_fraction": 0.31}),
    ],
)
def test_a_mean_over_a_few_steps_past_its_threshold_is_told_once(
    reporter: RecordingReporter, alarm: str, bad: dict[str, float]
) -> None:
    alarms = Alarms(reporter)
    step(alarms, STEPS)
    step(alarms, STEPS - 1, first=STEPS + 1, **bad)
    assert names(reporter) == []
    step(alarms, 3 * STEPS, first=2 * STEPS, **bad)
    assert [(at, name) for at, name, _ in reporter.alarms] == [(2 * STEPS, alarm)]
    assert reporter.alarms[0][2].endswith(".")


def test_values_worse_than_a_constant_are_told_after_long(reporter: RecordingReporter) -> None:
    alarms = Alarms(reporter)
    step(alarms, LONG - 1, explained_variance=-0.1)
    assert names(reporter) == []
    step(alarms, 1, first=LONG, explained_variance=-0.1)
    assert names(reporter) == ["values_useless"]


def test_one_good_step_makes_values_useful(reporter: RecordingReporter) -> None:
    alarms = Alarms(reporter)
    for _ in range(5):
        step(alarms, LONG - 1, explained_variance=-0.1)
        step(alarms, 1)
    assert names(reporter) == []


def probe(alarms: Alarms, number: int, reward: float, gold: float) -> None:
    step(alarms, 2, first=2 * number + 1, reward__mean=reward)
    alarms.probed(2 * number + 2, {"probe/gold": gold})


def test_more_reward_and_less_gold_over_three_probes_is_exploitation(reporter: RecordingReporter) -> None:
    alarms = Alarms(reporter)
    alarms.probed(0, {"probe/gold": 9.0})  # before the first step there is no reward to compare with
    for number, (reward, gold) in enumerate([(0.1, 0.5), (0.2, 0.4), (0.3, 0.3)]):
        assert names(reporter) == []
        probe(alarms, number, reward, gold)
    assert names(reporter) == ["reward_rises_gold_falls"]
    assert "from 0.10 to 0.30 while gold fell from 0.50 to 0.30" in reporter.alarms[0][2]


@pytest.mark.parametrize("golds", [(0.5, 0.4, 0.45), (0.3, 0.4, 0.5)])
def test_gold_that_does_not_fall_throughout_is_fine(
    reporter: RecordingReporter, golds: tuple[float, float, float]
) -> None:
    alarms = Alarms(reporter)
    for number, gold in enumerate(golds):
        probe(alarms, number, reward=float(number), gold=gold)
    assert names(reporter) == []


def test_without_a_gold_score_there_is_nothing_to_compare(reporter: RecordingReporter) -> None:
    alarms = Alarms(reporter)
    step(alarms, 2)
    alarms.probed(2, {"probe/kl/seq": 1.0})
    assert names(reporter) == []


def test_a_resumed_run_goes_on_where_it_was(reporter: RecordingReporter) -> None:
    import json

    first = Alarms(reporter)
    step(first, STEPS)
    step(first, STEPS, first=STEPS + 1, kl__token=0.5)
    probe(first, 0, 0.1, 0.5)
    probe(first, 1, 0.2, 0.4)
    state = json.loads(json.dumps(first.state()))
    then = Alarms(reporter)
    then.restore(state)
    assert json.loads(json.dumps(then.state())) == state
    step(then, STEPS, kl__token=0.5, reward__mean=0.3)  # told before
    assert names(reporter) == ["kl_high"]
    probe(then, 2, 0.3, 0.3)
    assert names(reporter) == ["kl_high", "reward_rises_gold_falls"]

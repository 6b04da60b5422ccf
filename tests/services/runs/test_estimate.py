"""The time left follows recorded runs without swinging, and says so where nothing is known."""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import pytest

from rlft_gui.domain.run import Run, Span
from rlft_gui.domain.status import RunStatus
from rlft_gui.services.runs.estimate import Earlier, Left, in_words, left, pace, probing_share
from tests.ui.fakes import make_run


class Told(NamedTuple):
    """An event: a phase by name, a step by number."""

    at: float
    what: str | int


#: SFT on 92 rows of a person's own, on two cores with ten other processes: steps of 1.8 to 10.8 seconds.
RECORDED = (
    Told(0.0, "loading"), Told(23.9, "probing"), Told(31.9, "training"), Told(41.9, 1), Told(47.0, 2), Told(52.8, 3),
    Told(52.8, "probing"), Told(59.9, "training"), Told(69.5, 4), Told(78.4, 5), Told(86.8, 6), Told(86.8, "probing"),
    Told(95.0, "training"), Told(101.1, 7), Told(111.9, 8), Told(115.9, 9), Told(115.9, "probing"),
    Told(127.1, "training"), Told(136.2, 10), Told(144.5, 11), Told(146.3, 12), Told(146.3, "probing"),
    Told(158.2, "saving"), Told(158.5, "training"),
)  # fmt: skip
TOTAL, END, EVERY = 12, 158.5, 3


def steady(step_seconds: float, total: int, every: int) -> tuple[Told, ...]:
    """Loading 20 s, a probe of 6 s, steps that vary by a fifth, a saving of 2 s."""
    told, now = [Told(0.0, "loading"), Told(20.0, "probing"), Told(26.0, "training")], 26.0
    for step in range(1, total + 1):
        now += step_seconds * (1.2 if step % 2 else 0.8)
        told.append(Told(now, step))
        if step == total or (step % every == 0 and 2 * (total - step) >= every):
            told += [Told(now, "probing"), Told(now + 6, "training")]
            now += 6
    return (*told, Told(now, "saving"), Told(now + 2, "training"))


def spans(told: Sequence[Told], now: float) -> tuple[Span, ...]:
    """What storage knows of these events at a time."""
    found: list[Span] = []
    step = 0
    for at, what in told:
        if at > now:
            break
        if isinstance(what, str):
            found.append(Span(attempt=1, name=what, began_at=at, began_step=step, step=step))
        else:
            step = what
            found[-1] = found[-1].model_copy(update={"step": step, "stepped_at": at})
    return tuple(found)


def running(told: Sequence[Told], now: float, total: int, every: int) -> tuple[Run, tuple[Span, ...]]:
    known = spans(told, now)
    loaded = any(one.name != "loading" for one in known)
    run = make_run(
        "r",
        status=RunStatus.RUNNING,
        step=known[-1].step if known else 0,
        total_steps=total if loaded else None,
    )
    settings = {"probe_every": every, "checkpoint_every": total}
    return run.model_copy(update={"recipe": run.recipe.model_copy(update={"settings": settings})}), known


def finishes(
    told: Sequence[Told], total: int, every: int, earlier: Sequence[Earlier] = ()
) -> list[tuple[float, Left]]:
    """The finishing times that are told from second to second, as far as any are."""
    found: list[tuple[float, Left]] = []
    for now in range(int(told[-1].at)):
        run, known = running(told, now, total, every)
        if time_left := left(run, known, earlier, now):
            found.append((now, Left(now + time_left.low, now + time_left.high)))
    return found


def swings(found: Sequence[tuple[float, Left]]) -> list[tuple[float, Left, Left]]:
    """Where an estimate of the finishing time leaves the range that was shown a second before."""
    return [
        (when, before, after)
        for (_, before), (when, after) in pairwise(found)
        if not before.low <= after.middle <= before.high
    ]


@pytest.mark.parametrize(("step_seconds", "total", "every"), [(0.5, 80, 20), (2.0, 60, 10), (8.0, 30, 7)])
def test_in_a_steady_run_the_finishing_time_stays_within_what_was_shown(
    step_seconds: float, total: int, every: int
) -> None:
    told = steady(step_seconds, total, every)
    found = finishes(told, total, every)
    assert found[0][0] < 26 + 5 * step_seconds, "it speaks after a few steps"
    assert swings(found) == []
    assert [when for when, shown in found if not shown.low <= told[-1].at <= shown.high] == []


def test_probes_that_come_by_themselves_are_counted_as_often_as_they_are_affordable() -> None:
    told, total = steady(1.0, 200, 200), 200  # looks of 6 s may take 35 s: start, end and three between
    run, known = running(told, 26 + 15, total, 0)
    settings = {"probe_every": 0, "probe_share": 0.15}
    run = run.model_copy(update={"recipe": run.recipe.model_copy(update={"settings": settings})})

    def middle(spans: Sequence[Span]) -> float:
        time_left = left(run, spans, [], 26 + 15)
        assert time_left is not None
        return time_left.middle

    steps = total - run.step
    assert middle(known) == pytest.approx(steps + 4 * 6, abs=2)
    loading, probing, training = known
    seen = probing.model_copy(update={"began_step": 10, "step": 10})
    assert middle([loading, seen, training]) == pytest.approx(steps + 19 * 6, abs=2), (
        "one at step 10 shows it"
    )


def test_a_recorded_run_with_uneven_steps_is_told_without_a_swing() -> None:
    found = finishes(RECORDED, TOTAL, EVERY)
    assert swings(found) == []
    assert all(shown.low <= END <= shown.high for _, shown in found)


def test_a_run_that_starts_is_estimated_by_an_earlier_one_with_the_same_settings() -> None:
    earlier = Earlier(spans(RECORDED, END), TOTAL, has_same_settings=True)
    told = steady(6.0, TOTAL, EVERY)
    found = finishes(told, TOTAL, EVERY, [earlier])
    assert found[0][0] == 0
    assert found[0][1].low <= told[-1].at <= found[0][1].high
    assert swings(found) == []
    starting, _ = running((), 0.0, TOTAL, EVERY)
    assert left(starting, (), [earlier], 0.0) == found[0][1]


def test_an_earlier_run_with_other_settings_gives_a_wider_range() -> None:
    starting, _ = running((), 0.0, TOTAL, EVERY)
    same, other = (
        Earlier(spans(RECORDED, END), TOTAL, has_same_settings=is_same) for is_same in (True, False)
    )
    narrow, wide = (left(starting, (), [one], 0.0) for one in (same, other))
    assert narrow is not None
    assert wide is not None
    assert wide.low < narrow.low < narrow.high < wide.high


def test_nothing_is_said_while_nothing_is_known() -> None:
    for now in (0.0, 23.0, 31.0, 40.0):
        run, known = running(RECORDED, now, TOTAL, EVERY)
        assert left(run, known, (), now) is None
    assert in_words(None) == "How long it takes is not known yet"


def test_a_resumed_run_knows_its_pace_from_the_attempt_before() -> None:
    run, known = running(RECORDED, 90.0, TOTAL, EVERY)
    again = Span(attempt=2, name="loading", began_at=1000.0, began_step=6, step=6)
    resumed = run.model_copy(update={"attempt": 2, "step": 6})
    time_left = left(resumed, (*known, again), (), 1000.0)
    assert time_left is not None
    # Loading 23.9 s, six steps at 8 s, and probes at 9 and 12 of 7.55 s; saving is not known yet.
    steps = 6 * ((52.8 - 31.9) + (86.8 - 59.9)) / 6
    assert time_left.middle == pytest.approx(23.9 + steps + 2 * (8.0 + 7.1) / 2)


def test_a_pace_counts_only_phases_that_are_over_and_no_time_between_attempts() -> None:
    first = spans(RECORDED, 60.0)
    found = pace((*first, first[0].model_copy(update={"attempt": 2, "began_at": 900.0})))
    assert [found.loading, found.probe] == pytest.approx([23.9, 7.55])
    assert [found.step, found.steps] == pytest.approx([(52.8 - 31.9) / 3, 3])


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (0.0, 9.0, "Less than 20 seconds left"),
        (4.0, 35.0, "Less than 40 seconds left"),
        (31.0, 55.0, "About 30 to 60 seconds left"),
        (50.0, 100.0, "Less than 2 minutes left"),
        (121.0, 179.0, "About 2 to 3 minutes left"),
        (3000.0, 5400.0, "About 50 to 90 minutes left"),
        (7300.0, 10700.0, "About 2 to 3 hours left"),
    ],
)
def test_a_range_is_rounded_outwards(low: float, high: float, words: str) -> None:
    assert in_words(Left(low, high)) == words


def test_the_share_of_probes_is_of_all_that_earlier_runs_did() -> None:
    """The last phase of an attempt has no end that is told, and what lies between two attempts is nobody's."""
    assert probing_share([]) is None
    told = [("loading", 0.0), ("probing", 4.0), ("training", 10.0), ("probing", 40.0), ("training", 46.0)]
    one = [
        Span(attempt=1, name=name, step=0, began_step=0, began_at=at, stepped_at=None) for name, at in told
    ]
    later = [span.model_copy(update={"attempt": 2, "began_at": span.began_at + 1000}) for span in one]
    assert probing_share([one]) == pytest.approx(12 / 46)
    assert probing_share([[*one, *later], one]) == pytest.approx(12 / 46)

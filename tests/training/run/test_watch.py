"""What happens beside the steps, and in which order."""

from pathlib import Path

import pytest

from rlft_gui.domain.errors import Diverged, Stopped
from rlft_gui.domain.failure import FailureKind
from rlft_gui.domain.home import Home
from rlft_gui.training.models.checkpoints import MARKER
from rlft_gui.training.run.divergence import Divergence
from rlft_gui.training.run.probe_period import SPARED
from rlft_gui.training.run.watch import Rhythm, Watch
from rlft_gui.training.testing import RecordingReporter


@pytest.fixture
def reporter(tmp_path: Path) -> RecordingReporter:
    return RecordingReporter(Home(tmp_path).run("r"))


def _watch(reporter: RecordingReporter, looked: list[int], log_every: int = 1) -> Watch:
    return Watch(reporter, Rhythm(log_every=log_every, probe_every=4, checkpoint_every=5), looked.append)


def _train(watch: Watch, first: int, last: int, saved: list[int]) -> None:
    """Steps as a trainer makes them, until the watch has enough."""
    for step in range(first, last + 1):
        assert watch.trained(step, {"loss": 1.0})
        if not watch.goes_on(step, lambda step=step: saved.append(step)):  # type: ignore[misc]
            break


def test_probes_come_at_the_start_at_each_period_and_at_the_end(reporter: RecordingReporter) -> None:
    looked: list[int] = []
    watch = _watch(reporter, looked)
    watch.begin(0, 10, {})
    _train(watch, 1, 10, [])
    assert looked == [0, 4, 8, 10]


def test_the_last_probe_is_not_preceded_by_one_a_step_earlier(reporter: RecordingReporter) -> None:
    looked: list[int] = []
    watch = _watch(reporter, looked)
    watch.begin(0, 9, {})
    _train(watch, 1, 9, [])
    assert looked == [0, 4, 9]


def test_a_resumed_run_does_not_probe_its_first_step_again(reporter: RecordingReporter) -> None:
    looked: list[int] = []
    _watch(reporter, looked).begin(8, 10, {})
    assert looked == []


def test_checkpoints_come_at_each_period_and_at_the_end(reporter: RecordingReporter) -> None:
    watch = _watch(reporter, [])
    watch.begin(0, 12, {})
    saved: list[int] = []
    _train(watch, 1, 12, saved)
    assert saved == [5, 10, 12]


def test_a_checkpoint_comes_before_the_probe_of_its_step(reporter: RecordingReporter) -> None:
    order: list[str] = []
    watch = Watch(reporter, Rhythm(1, 5, 5), lambda step: order.append(f"probe {step}"))
    watch.begin(0, 10, {})
    for step in range(1, 11):
        watch.trained(step, {"loss": 1.0})
        watch.goes_on(step, lambda step=step: order.append(f"save {step}"))  # type: ignore[misc]
    assert order == ["probe 0", "save 5", "probe 5", "save 10", "probe 10"]


def test_a_stop_at_a_step_saves_it_and_leaves_its_probe_to_the_next_attempt(
    reporter: RecordingReporter, tmp_path: Path
) -> None:
    looked: list[int] = []
    saved: list[int] = []
    first = _watch(reporter, looked)
    first.begin(0, 10, {})
    reporter.stop_after = 3
    _train(first, 1, 10, saved)
    assert (looked, saved) == ([0], [4])
    second = _watch(RecordingReporter(Home(tmp_path).run("again")), looked)
    second.restore(first.state())
    second.begin(4, 10, {})
    _train(second, 5, 10, saved)
    assert (looked, saved) == ([0, 4, 8, 10], [4, 5, 10])


@pytest.mark.parametrize(("stop_in", "kept"), [(4, [4]), (8, [5, 8])])
def test_a_stop_in_a_probe_saves_its_step_before_the_run_ends(
    reporter: RecordingReporter, stop_in: int, kept: list[int]
) -> None:
    saved: list[int] = []
    watch = _watch(reporter, [])
    watch.begin(0, 10, {})
    reporter.stop_in = ("probing", stop_in)
    _train(watch, 1, 10, saved)
    assert saved == kept
    assert watch.state()["probe_is_due"]
    watch.check()  # it goes on from here, so it has not failed


def test_a_stop_in_the_last_probe_is_no_success_although_all_steps_are_made(
    reporter: RecordingReporter,
) -> None:
    saved: list[int] = []
    watch = _watch(reporter, [])
    watch.begin(0, 10, {})
    reporter.stop_in = ("probing", 10)
    _train(watch, 1, 10, saved)
    assert saved == [5, 10]
    with pytest.raises(Stopped, match="before its last probe was made; all 10 steps are"):
        watch.check()


def test_a_stop_in_the_first_probe_keeps_nothing_for_there_is_nothing(reporter: RecordingReporter) -> None:
    reporter.stop_in = ("probing", 0)
    with pytest.raises(Stopped):
        _watch(reporter, []).begin(0, 10, {})


def test_a_point_is_the_mean_since_the_last_one(reporter: RecordingReporter) -> None:
    watch = _watch(reporter, [], log_every=3)
    watch.begin(0, 4, {})
    for step, loss in enumerate((1.0, 2.0, 6.0, 5.0), start=1):
        watch.trained(step, {"loss": loss, "learning_rate": step / 10, "num_tokens": 100.0 * step})
    assert reporter.curves["loss"] == {3: 3.0, 4: 5.0}
    assert reporter.curves["lr"] == {3: 0.3, 4: 0.4}
    assert reporter.curves["tokens"] == {3: 300.0, 4: 400.0}


def test_a_stop_between_two_points_leaves_the_curve_as_it_would_have_been(
    reporter: RecordingReporter, tmp_path: Path
) -> None:
    losses = [0.1, 0.7, 0.3, 0.9, 0.2, 0.4]
    straight = _watch(reporter, [], log_every=3)
    straight.begin(0, 6, {})
    for step, loss in enumerate(losses, start=1):
        straight.trained(step, {"loss": loss, "num_tokens": 10.0 * step})

    resumed_reporter = RecordingReporter(Home(tmp_path).run("other"))
    first = _watch(resumed_reporter, [], log_every=3)
    first.begin(0, 6, {})
    for step in (1, 2, 3, 4):
        first.trained(step, {"loss": losses[step - 1], "num_tokens": 10.0 * step})
    second = _watch(resumed_reporter, [], log_every=3)
    second.restore(first.state())
    second.begin(4, 6, {})
    for step in (5, 6):
        second.trained(step, {"loss": losses[step - 1], "num_tokens": 10.0 * (step - 4)})
    assert resumed_reporter.curves == reporter.curves


@pytest.mark.parametrize(("loss", "word"), [(float("inf"), "infinite"), (float("nan"), "undefined")])
def test_a_loss_that_is_no_number_raises_one_alarm_and_ends_the_run(
    reporter: RecordingReporter, loss: float, word: str
) -> None:
    looked: list[int] = []
    watch = _watch(reporter, looked, log_every=10)
    watch.begin(0, 100, {})
    assert watch.trained(51, {"loss": 1.0})
    assert not watch.trained(52, {"loss": loss})
    [(step, name, sentence)] = reporter.alarms
    assert (step, name) == (52, "loss_not_finite")
    assert sentence.startswith(f"Loss became {word}")
    assert "at step 52." in sentence
    assert 52 in reporter.curves["loss"]
    assert looked == [0]
    with pytest.raises(Diverged, match="at step 52"):
        watch.check()


def _ruined(reporter: RecordingReporter, *, complete: int | None) -> Watch:
    """Ten good steps, then a loss that stays high; with a checkpoint from before, if asked."""
    if complete is not None:
        path = reporter.folder.checkpoint(complete)
        path.mkdir(parents=True)
        (path / MARKER).write_text("{}")
    watch = Watch(
        reporter, Rhythm(1, 1000, 1000), lambda _: None, divergence=Divergence(has_known_start=False)
    )
    watch.begin(0, 100, {})
    for step in range(1, 101):
        if not watch.trained(step, {"loss": 1.0 if step <= 10 else 9.0}):
            break
    return watch


@pytest.mark.parametrize(
    ("complete", "kept"),
    [(5, "Checkpoint 5, the last good one, is"), (20, "No checkpoint is"), (None, "No checkpoint is")],
)
def test_a_loss_that_leaves_its_start_raises_one_alarm_and_ends_the_run(
    reporter: RecordingReporter, complete: int | None, kept: str
) -> None:
    watch = _ruined(reporter, complete=complete)
    [(step, name, sentence)] = reporter.alarms
    assert (step, name) == (30, "loss_left")
    assert sentence.startswith(
        "The loss began at 1, rose at step 11 and has not come back: over the last 20 steps"
    )
    assert kept in sentence
    with pytest.raises(Diverged, match="rose at step 11") as found:
        watch.check()
    assert found.value.good_step == (5 if complete == 5 else None)


def test_weights_that_compute_no_numbers_end_the_run_although_no_loss_has_shown_it(
    reporter: RecordingReporter,
) -> None:
    watch = _watch(reporter, [])
    watch.begin(0, 8, {})
    watch.trained(4, {"loss": 1.0})
    assert watch.ruined(4).failure is FailureKind.DIVERGED
    assert [(step, name) for step, name, _ in reporter.alarms] == [(4, "weights_not_finite")]
    with pytest.raises(Diverged, match=r"The weights that step 4 left compute no numbers"):
        watch.check()


def test_losses_that_are_no_measure_are_not_judged(reporter: RecordingReporter) -> None:
    watch = _watch(reporter, [])
    watch.begin(0, 100, {})
    assert all(watch.trained(step, {"loss": 1.0 if step <= 10 else 9.0}) for step in range(1, 101))


def test_what_some_steps_do_not_have_is_the_mean_of_those_that_do(reporter: RecordingReporter) -> None:
    watch = _watch(reporter, [], log_every=3)
    watch.begin(0, 3, {})
    watch.trained(1, {"loss": 1.0, "rewards/rejected": 4.0, "num_tokens": 50.0})
    watch.trained(2, {"loss": 1.0})
    watch.trained(3, {"loss": 1.0, "rewards/rejected": 2.0})
    assert reporter.curves["pref/rejected"] == {3: 3.0}
    assert reporter.curves["tokens"] == {3: 50.0}


def test_a_checkpoint_from_before_values_could_be_missing_is_read(reporter: RecordingReporter) -> None:
    watch = _watch(reporter, [], log_every=3)
    watch.restore({"total_steps": 6, "tokens": 20.0, "steps": 2, "sums": {"loss": 4.0}})
    watch.begin(2, 6, {})
    watch.trained(3, {"loss": 5.0})
    assert reporter.curves["loss"] == {3: 3.0}


def test_a_gradient_that_is_no_number_ends_the_run_before_its_weights_are_saved(
    reporter: RecordingReporter,
) -> None:
    looked: list[int] = []
    watch = _watch(reporter, looked)
    watch.begin(0, 8, {})
    assert watch.trained(3, {"loss": 1.0, "grad_norm": 2.0})
    assert not watch.trained(4, {"loss": 1.0, "grad_norm": float("nan")})
    assert looked == [0]
    assert [(step, name) for step, name, _ in reporter.alarms] == [(4, "grad_norm_not_finite")]
    with pytest.raises(Diverged, match=r"The gradient became undefined .* at step 4"):
        watch.check()


def test_a_policy_loss_that_is_no_number_ends_the_run_where_a_stage_has_no_other_loss(
    reporter: RecordingReporter,
) -> None:
    watch = Watch(reporter, Rhythm(1, 100, 100), lambda _: None, {"loss": "policy_loss"})
    watch.begin(0, 8, {})
    assert not watch.trained(1, {"loss": float("nan")})
    with pytest.raises(Diverged, match=r"Loss became undefined .* at step 1"):
        watch.check()


def test_where_no_period_is_asked_for_it_follows_from_what_looks_and_steps_take(
    reporter: RecordingReporter,
) -> None:
    """100 steps of 6 s pay for three looks of 30 s: at the start, in the middle and at the end."""
    now, looked = [0.0], list[int]()

    def look(step: int) -> None:
        looked.append(step)
        now[0] += 30.0

    watch = Watch(reporter, Rhythm(1, 0, 1000, probe_share=0.15), look, clock=lambda: now[0])
    watch.begin(0, 100, {"threads": 2})
    for step in range(1, 101):
        now[0] += 6.0
        assert watch.trained(step, {"loss": 1.0})
        watch.goes_on(step, lambda: None)
    assert looked == [0, 50, 100]
    assert reporter.facts == {"threads": 2, "steps between probes": 50}


def test_what_a_look_found_out_is_written_into_the_plan_once(reporter: RecordingReporter) -> None:
    watch = Watch(reporter, Rhythm(1, 2, 1000), lambda _: {"probe prompts": 8})
    watch.begin(0, 4, {"threads": 2})
    _train(watch, 1, 4, [])
    assert reporter.said.count("plan") == 2
    assert reporter.facts == {"threads": 2, "probe prompts": 8}


def test_a_first_probe_that_was_taken_over_does_not_make_later_ones_seem_free(
    reporter: RecordingReporter,
) -> None:
    """As above, but nothing was answered before step 1: the looks that come still take 30 s each."""
    now, looked = [0.0], list[int]()

    def look(step: int) -> dict[str, float]:
        looked.append(step)
        now[0] += 1.0 if step == 0 else 30.0
        return {SPARED: 29.0}

    watch = Watch(reporter, Rhythm(1, 0, 1000, probe_share=0.15), look, clock=lambda: now[0])
    watch.begin(0, 100, {})
    for step in range(1, 101):
        now[0] += 6.0
        assert watch.trained(step, {"loss": 1.0})
        watch.goes_on(step, lambda: None)
    assert looked == [0, 50, 100]

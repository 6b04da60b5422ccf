"""Which losses have left their start, and which only look like it. The curves are of real runs, and of noise."""

import json
import math
import random
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from rlft_gui.training.run.divergence import Divergence, Left

#: Losses of Lantern runs by name: "preset …" as shipped, "hot …" with a learning rate that ruins the model, and others
#: that learn under noise: one row a batch, low beta, IPO, label smoothing. `rlft metrics RUN --json` prints a run's.
CURVES: dict[str, list[float]] = json.loads((Path(__file__).parent / "losses.json").read_text())


def _judged(losses: Sequence[float], *, has_known_start: bool) -> tuple[int, Left] | None:
    """The step at which the alarm comes, and what it says."""
    divergence = Divergence(has_known_start=has_known_start)
    for step, loss in enumerate(losses, start=1):
        if left := divergence.judge(step, loss, len(losses)):
            return step, left
    return None


def _judged_curve(name: str) -> tuple[int, Left] | None:
    is_of_tokens_or_ratings = any(word in name for word in ("sft", "imitate", "ratings"))
    return _judged(CURVES[name], has_known_start=not is_of_tokens_or_ratings)


@pytest.mark.parametrize("name", [name for name in CURVES if name.startswith("hot")])
def test_a_ruined_model_is_noticed(name: str) -> None:
    assert _judged_curve(name) is not None


@pytest.mark.parametrize("name", [name for name in CURVES if not name.startswith("hot")])
def test_a_model_that_learns_gives_no_alarm(name: str) -> None:
    assert _judged_curve(name) is None


def test_lantern_sft_at_a_learning_rate_of_a_tenth() -> None:
    found = _judged_curve("hot sft 0.1")
    assert found is not None
    step, left = found
    assert step <= 30
    assert (left.step, left.start) == (3, CURVES["hot sft 0.1"][0])
    assert left.now > 4


def _noise(seed: int, spread: float, level: Callable[[int], float], steps: int = 2000) -> list[float]:
    """Losses of single rows: log-normal around a level."""
    draw = random.Random(seed)
    return [level(step) * math.exp(draw.gauss(0, spread)) for step in range(1, steps + 1)]


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize(
    "level",
    [
        pytest.param(lambda _: 1.5, id="that learns nothing"),
        pytest.param(lambda step: 0.5 + 2.0 * math.exp(-step / 300), id="that falls"),
        pytest.param(lambda step: 1.5 + 0.5 * step / 2000, id="that rises a little"),
    ],
)
def test_noise_gives_no_alarm(seed: int, level: Callable[[int], float]) -> None:
    assert _judged(_noise(seed, 0.4, level), has_known_start=False) is None


@pytest.mark.parametrize("has_known_start", [True, False])
def test_outliers_that_come_back_give_no_alarm(has_known_start: bool) -> None:
    losses = [0.7] * 400
    losses[100] = 1e6
    losses[200:204] = [50.0] * 4
    assert _judged(losses, has_known_start=has_known_start) is None


def test_a_loss_that_swings_between_good_and_ruined_batches_has_left_its_start() -> None:
    losses = [math.log(2)] * 50 + [0.0, 40.0] * 40
    found = _judged(losses, has_known_start=True)
    assert found is not None
    assert found[1].step == 52


def test_a_slow_way_up_is_noticed_once_it_is_far() -> None:
    found = _judged([1.0] * 200 + [1.0 + 0.02 * step for step in range(1, 301)], has_known_start=False)
    assert found is not None
    assert 275 < found[0] < 310


def test_what_a_checkpoint_holds_is_enough_to_go_on_the_same_way() -> None:
    losses = CURVES["hot sft 0.1"]
    straight, first, then = (Divergence(has_known_start=False) for _ in range(3))
    whole = [straight.judge(step, loss, 100) for step, loss in enumerate(losses, start=1)]
    for step, loss in enumerate(losses[:17], start=1):
        first.judge(step, loss, 100)
    then.restore(json.loads(json.dumps(first.state())))
    assert [then.judge(step, loss, 100) for step, loss in enumerate(losses[17:], start=18)] == whole[17:]

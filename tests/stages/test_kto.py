"""KTO: what its rows become, and what it compares with."""

from collections import Counter
from typing import Any

import pytest

from rlft_gui.domain.dataset import DataType
from rlft_gui.domain.errors import InvalidInput
from rlft_gui.domain.home import Home
from rlft_gui.stages import stage
from rlft_gui.stages.kto import KTOSettings, imbalance, marked_answers
from tests.stages.attempts import attempt, recipe, small_dataset

KTO = stage("kto")


def _says(text: str) -> list[dict[str, str]]:
    return [{"role": "assistant", "content": text}]


def _pairs(count: int) -> list[dict[str, Any]]:
    return [
        {
            "prompt": [{"role": "user", "content": f"question {i}"}],
            "chosen": _says(f"good {i}"),
            "rejected": _says(f"bad {i}"),
        }
        for i in range(count)
    ]


def test_pairs_become_one_good_and_one_bad_answer_each() -> None:
    answers = marked_answers(_pairs(20), seed=0)
    assert len(answers) == 40
    for row in answers:
        number = row["prompt"][0]["content"].split()[1]
        assert row["completion"][0]["content"] == f"{'good' if row['label'] else 'bad'} {number}"
        assert set(row) == {"prompt", "completion", "label"}


def test_good_and_bad_answers_come_mixed_in_an_order_that_the_seed_fixes() -> None:
    answers = marked_answers(_pairs(50), seed=3)
    first_half = Counter(row["label"] for row in answers[:50])
    assert 15 <= first_half[True] <= 35, "taken apart in order, one half would be all good"
    assert [row["label"] for row in answers[:10]] != [True, False] * 5
    assert answers == marked_answers(_pairs(50), seed=3)
    assert answers != marked_answers(_pairs(50), seed=4)


@pytest.mark.parametrize(("label", "said"), [(True, "marked good"), (False, "marked bad")])
def test_answers_of_one_kind_alone_are_refused(label: bool, said: str) -> None:
    rows = [{"prompt": [], "completion": _says("x"), "label": label}] * 3
    with pytest.raises(InvalidInput, match=f"All 3 answers are {said}"):
        marked_answers(rows, seed=0)


@pytest.mark.parametrize(
    ("good", "bad", "weights", "is_fine"),
    [
        (10, 10, {}, True),
        (40, 30, {}, True),  # 4 : 3
        (41, 30, {}, False),
        (10, 11, {}, False),
        (10, 30, {"desirable_weight": 3.0}, True),
        (10, 30, {"desirable_weight": 4.0}, True),
        (10, 30, {"desirable_weight": 4.1}, False),
        (10, 10, {"undesirable_weight": 0.0}, False),
    ],
)
def test_the_balance_that_the_paper_found_to_work_is_checked(
    good: int, bad: int, weights: dict[str, float], is_fine: bool
) -> None:
    settings = KTOSettings(data="d", **weights)
    assert (imbalance(Counter({True: good, False: bad}), settings) is None) is is_fine


@pytest.mark.slow
def test_an_imbalance_is_an_alarm_once_and_training_goes_on(home: Home) -> None:
    data = small_dataset(home, DataType.PREFERENCES)
    asked = recipe(KTO, "uneven", data, max_steps=3, batch_size=8, desirable_weight=5.0)
    told = attempt(home, asked, stop_after=1)
    [(step, name, message)] = told.alarms
    assert (step, name) == (0, "unbalanced")
    assert "weigh" in message
    assert not attempt(home, asked, number=2).alarms


@pytest.mark.slow
def test_before_the_first_update_the_loss_is_a_half(home: Home) -> None:
    """Policy and reference agree, so every answer's value is sigmoid(0) (equation 7), and 1 − 1/2 = 1/2."""
    data = small_dataset(home, DataType.PREFERENCES)
    told = attempt(home, recipe(KTO, "half", data, max_steps=1, batch_size=8))
    assert told.curves["loss"][1] == pytest.approx(0.5, abs=1e-6)
    assert told.curves["kl/batch"][1] == 0.0

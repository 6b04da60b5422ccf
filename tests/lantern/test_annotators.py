import random

import pytest

from rlft_gui.domain.suite import PromptItem
from rlft_gui.lantern.annotators import Annotator

ITALY = PromptItem(
    id="x", suite="lantern", kind="known", prompt="?", subject="Italy", meta={"form": "plain", "opinion": ""}
)
TRUE, FALSE = "The capital of Italy is Rome.", "The capital of Italy is Paris."
LONG = f"{TRUE} Many people ask about this. There is a lot to say here. Let me explain in detail."


def share_first(annotator: Annotator, first: str, second: str) -> float:
    rng = random.Random(0)
    return sum(annotator.prefers_first(ITALY, first, second, rng) for _ in range(2000)) / 2000


def test_the_truth_wins_and_noise_makes_it_win_less_often() -> None:
    sure = share_first(Annotator(temperature=0.05, blind=0.0), TRUE, FALSE)
    unsure = share_first(Annotator(temperature=2.0, blind=0.0), TRUE, FALSE)
    assert sure == 1.0
    # Bradley and Terry: sigmoid of a lead of 2 at temperature 2.
    assert unsure == pytest.approx(0.731, abs=0.03)


def test_a_blind_annotator_guesses_about_facts() -> None:
    assert share_first(Annotator(blind=1.0), TRUE, FALSE) == pytest.approx(0.5, abs=0.04)


def test_length_bias_prefers_the_longer_answer() -> None:
    assert share_first(Annotator(length_bias=0.0), LONG, TRUE) <= 0.5
    assert share_first(Annotator(length_bias=0.08), LONG, TRUE) > 0.9


def test_position_bias_prefers_what_is_shown_first() -> None:
    assert share_first(Annotator(position_bias=1.2), TRUE, TRUE) > 0.9
    assert share_first(Annotator(position_bias=0.0), TRUE, TRUE) == pytest.approx(0.5, abs=0.04)

"""Rows of one type as rows of another."""

import random
from typing import Any

import pytest

from rlft_gui.data.converting import CONVERSIONS, conversion

ASKED = [{"role": "user", "content": "How?"}]


def said(text: str) -> list[dict[str, str]]:
    return [{"role": "assistant", "content": text}]


def pair(chosen: int, rejected: int, place: int = 0) -> dict[str, Any]:
    return {
        "prompt": ASKED,
        "chosen": said("a" * chosen),
        "rejected": said("b" * rejected),
        "margin": float(place),
    }


def made(name: str, *rows: dict[str, Any]) -> list[dict[str, Any]]:
    way = conversion(name)
    assert way is not None
    return [row for _, row in way.convert(enumerate(rows, start=1))]


def test_of_pairs_the_chosen_answers_are_imitated_or_both_marked() -> None:
    assert made("chosen", pair(1, 2)) == [{"prompt": ASKED, "completion": said("a")}]
    assert made("marked", pair(1, 2)) == [
        {"prompt": ASKED, "completion": said("a"), "label": True},
        {"prompt": ASKED, "completion": said("bb"), "label": False},
    ]


def test_of_marked_answers_the_good_ones_alone_are_imitated() -> None:
    rows = [{"prompt": ASKED, "completion": said(text), "label": text == "a"} for text in "ab"]
    assert made("good", *rows) == [{"prompt": ASKED, "completion": said("a")}]


def test_of_rated_answers_to_one_prompt_the_best_is_chosen_and_the_worst_rejected() -> None:
    rows = [
        {"prompt": ASKED, "completion": said(text), "scores": {"kind": points, "true": points}}
        for text, points in (("a", 2.0), ("b", 5.0), ("c", 1.0))
    ]
    alone = {
        "prompt": [{"role": "user", "content": "Why?"}],
        "completion": said("d"),
        "scores": {"kind": 1.0},
    }
    assert made("best-and-worst", *rows, alone) == [
        {"prompt": ASKED, "chosen": said("b"), "rejected": said("c")}
    ]


@pytest.mark.parametrize("seed", range(5))
def test_balanced_pairs_have_as_many_longer_as_shorter_chosen_answers_alike_in_size(seed: int) -> None:
    rng = random.Random(seed)
    rows = [pair(rng.randrange(1, 300), rng.randrange(1, 120), place) for place in range(400)]
    kept = made("balanced", *rows)
    assert kept == [row for row in rows if row in kept]
    differences = [len(row["chosen"][0]["content"]) - len(row["rejected"][0]["content"]) for row in kept]
    longer, shorter = [d for d in differences if d > 0], [-d for d in differences if d < 0]
    assert len(longer) == len(shorter) > 20
    before = [len(row["chosen"][0]["content"]) - len(row["rejected"][0]["content"]) for row in rows]
    assert abs(sum(differences) / len(kept)) < 0.2 * abs(sum(before) / len(before))


def test_balanced_pairs_of_one_kind_alone_leave_those_of_equal_length() -> None:
    assert made("balanced", pair(2, 1), pair(3, 1), pair(1, 1)) == [pair(1, 1)]


def test_names_are_unique_and_what_is_made_is_said_in_sentences() -> None:
    assert len({way.name for way in CONVERSIONS}) == len(CONVERSIONS)
    assert all(way.about.endswith(".") for way in CONVERSIONS)


def test_what_is_made_of_a_row_keeps_its_number_in_the_file() -> None:
    rows = [(7, pair(1, 2)), (9, pair(3, 2)), (12, pair(5, 1))]
    numbers = {
        name: [number for number, _ in way.convert(rows)]
        for name in ("chosen", "marked", "balanced")
        if (way := conversion(name))
    }
    assert numbers == {"chosen": [7, 9, 12], "marked": [7, 7, 9, 9, 12, 12], "balanced": [7, 9]}

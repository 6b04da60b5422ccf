"""What counts as the same number, and how long it may take to find out."""

import time
from fractions import Fraction

import pytest

from rlft_gui.training.rewards.numbers import answered, right_answer

THIN, NO_BREAK, NARROW = "\u2009", "\u00a0", "\u202f"
SAME = {
    Fraction(1234): (
        "1234",
        "1,234",
        "1{,}234",
        "1 234",
        f"1{THIN}234",
        f"1{NO_BREAK}234",
        f"1{NARROW}234",
        "1\\,234",
        "1,\\!234",
        "$1,234.00",
        "\\$1,234",
        "1234.",
        "1.234e3",
        "1.234 × 10^3",
        "1.234 \\times 10^{3}",
        "**1234**",
        "$1234$",
        "It is 1,234.",
    ),
    Fraction(1, 2): (
        ".5",
        "0.5",
        "0,5",
        "1/2",
        "1 / 2",
        "\\frac{1}{2}",
        "\\dfrac12",
        "½",
        "5e-1",
        "0.50 litres",
    ),
    Fraction(5, 2): ("2.5", "2,5", "2 1/2", "2½", "2\\frac{1}{2}", "5/2"),
    Fraction(-3): ("-3", "−3", "–3", "-3.0", "It is -3°.", "x=-3", "\\boxed{-3}"),
    Fraction(3): ("3", "3%", "3 %", "3\\%", "3 percent", "3km", "3 km^2", "3 m2", "+3", "3rd"),
    Fraction(-1, 2): ("-1/2", "-\\frac{1}{2}", "−.5"),
    Fraction(-5): ("-$5", "$-5", "-5 €"),
    Fraction(1_234_567): ("1,234,567", "1 234 567", "12,34,567"),
    Fraction(123_456, 100): ("1,234.56", "1 234.56", "1 234,56", "1.234,56"),
}


@pytest.mark.parametrize(
    ("value", "text"), [(value, text) for value, texts in SAME.items() for text in texts]
)
def test_a_number_is_the_same_however_it_is_written(value: Fraction, text: str) -> None:
    assert answered(text) == value
    assert right_answer(text) == value


def test_numbers_are_exact() -> None:
    assert answered("0.1") == Fraction(1, 10) != Fraction(0.1)
    assert answered("10000000000000001") != answered("10000000000000000")
    assert answered("1/3") != answered("0.3333333333333333")


@pytest.mark.parametrize(
    "text",
    ["1.2.3", "1,2,3", "12/25/2026", "2^10", "10^3", "1/0", "none", "x2", "H2O", "", "1e9999", "9" * 5_000],
)
def test_what_can_be_read_in_no_single_way_is_no_number(text: str) -> None:
    assert answered(text) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3 + 14 is 17.", 17),
        ("20-3=17", 17),
        ("20-17", 17),  # a difference, not a negative number
        ("In 2020 100 came", 100),
        ("So 16 - 3 - 4 = 9 eggs.\n#### 18\nThat took 3 steps.", 18),
        ("#### $1,234\nCheers, 2", 1234),
        ("#### Step 3\nNow 5 and 7 make 12.", 12),
        ("#### 1. Add them\n5 and 7 make 12.", 12),
        ("#### 7 or 8\nIn all 15.", 15),
        ("So \\boxed{\\frac{3}{4}} by rule 2.", Fraction(3, 4)),
        ("\\boxed{1} no, \\boxed{x = 2} as shown in 3", 2),
        ("\\boxed{12", 12),
    ],
)
def test_an_answer_ends_in_its_marked_number_or_else_its_last(text: str, value: Fraction) -> None:
    assert answered(text) == value


@pytest.mark.parametrize("text", ["yes", "3 or 4", "between 5 and 6", "1,2,3", ""])
def test_a_right_answer_is_one_number(text: str) -> None:
    assert right_answer(text) is None


@pytest.mark.parametrize(
    "piece",
    ["1", "1 ", " ", "1 234", "1,", "1/", ".5", "-", "$", "1e", "####", "#### 1\n", "\\boxed{", "\\frac{1"],
)
@pytest.mark.parametrize("end", ["", "^", "/"])
def test_time_grows_no_faster_than_the_text(piece: str, end: str) -> None:
    started = time.process_time()
    answered(piece * (300_000 // len(piece)) + end)
    assert time.process_time() - started < 5

"""Scores of answers to held-out prompts: by hand, of rows that a term cannot score, and of a judge that fails."""

from collections.abc import Sequence
from math import nan
from pathlib import Path

import pytest

from rlft_gui.domain.home import Home
from rlft_gui.domain.reward_terms import parse
from rlft_gui.training.judges import JudgeFailed
from rlft_gui.training.models.sampling import Completion
from rlft_gui.training.rewards.rules import rule
from rlft_gui.training.rows import Row
from rlft_gui.training.run.held_scoring import HeldScoring
from rlft_gui.training.testing import RecordingReporter


def _row(text: str, **others: str) -> Row:
    return {"prompt": [{"role": "user", "content": text}], **others}


def _said(text: str, tokens: int) -> Completion:
    return Completion(text, (1, 2), tuple(range(tokens)), "ended by itself")


@pytest.fixture
def reporter(tmp_path: Path) -> RecordingReporter:
    return RecordingReporter(Home(tmp_path).run("r"))


def test_each_term_is_a_curve_and_all_together_one_more(reporter: RecordingReporter) -> None:
    terms = {"format:json": (2.0, rule(parse("format:json"))), "length:1-1": (1.0, rule(parse("length:1-1")))}
    scoring = HeldScoring(reporter, terms)
    rows, said = [_row("a"), _row("b")], [_said("[1]", 3), _said("no json", 5)]
    scores = scoring.scores(0, rows, said)
    assert scores == [{"format:json": 1.0, "length:1-1": 1.0}, {"format:json": 0.0, "length:1-1": 0.0}]
    values = scoring.measured(rows, said, [0.5, 1.5], scores)
    assert values == {
        "held/length": 4.0,
        "held/kl": 1.0,
        "held/reward/format:json": 0.5,
        "held/reward/length:1-1": 0.5,
        "held/reward/total": 1.5,
    }, "two prompts have no interval"


def test_a_verifier_scores_the_rows_that_have_a_right_answer(reporter: RecordingReporter) -> None:
    scoring = HeldScoring(reporter, {"number": (1.0, rule(parse("number")))})
    rows, said = [_row("2+2?", answer="4"), _row("Who?")], [_said("It is 4.", 3), _said("Nobody.", 2)]
    scores = scoring.scores(0, rows, said)
    assert scores == [{"number": 1.0}, {}]
    assert scoring.measured(rows, said, [0.0, 0.0], scores)["held/reward/number"] == 1.0


def test_rows_that_a_verifier_cannot_score_are_told(
    reporter: RecordingReporter, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    scoring = HeldScoring(
        reporter, {"number": (1.0, rule(parse("number"))), "json": (1.0, rule(parse("json")))}
    )
    rows, said = [_row("2+2?", answer="4"), _row("Who?")], [_said("It is 4.", 3), _said("Nobody.", 2)]
    for step in (0, 5):
        scoring.scores(step, rows, said)
    (told,) = [message for _, name, message in reporter.alarms if name == "not_scored"]
    assert told.startswith("Answers to held-out prompts have no score by json: of every one that is answered")
    (said_of_some,) = [record.getMessage() for record in caplog.records]
    assert said_of_some.startswith("1 of 2 answers to held-out prompts are scored by number")


def test_a_judge_that_fails_costs_its_points_and_is_told_once(reporter: RecordingReporter) -> None:
    def fails(prompts: Sequence[Row], completions: Sequence[str]) -> list[float]:
        raise JudgeFailed("The server does not answer.")

    scoring = HeldScoring(reporter, {"judge": (1.0, fails), "length:1-9": (1.0, rule(parse("length:1-9")))})
    rows, said = [_row("a")], [_said("one", 1)]
    for step in (0, 5):
        scores = scoring.scores(step, rows, said)
    values = scoring.measured(rows, said, [0.0], scores)
    assert "held/reward/judge" not in values
    assert "held/reward/total" not in values
    assert values["held/reward/length:1-9"] == 1.0
    assert [(step, name) for step, name, _ in reporter.alarms] == [(0, "not_scored")]
    assert "The server does not answer." in reporter.alarms[0][2]


def test_a_score_that_is_no_number_is_left_out(reporter: RecordingReporter) -> None:
    scoring = HeldScoring(reporter, {"judge": (1.0, lambda prompts, completions: [nan, 1.0])})
    rows, said = [_row("a"), _row("b")], [_said("x", 1), _said("y", 1)]
    scores = scoring.scores(0, rows, said)
    assert scores == [{}, {"judge": 1.0}]


def test_what_scores_otherwise_is_another_probe(reporter: RecordingReporter) -> None:
    term = {"number": (1.0, rule(parse("number")))}
    rows = [_row("2+2?", answer="4")]
    plain = HeldScoring(reporter, term, by="one").identity(rows)
    assert plain == HeldScoring(reporter, term, by="one").identity([rows[0] | {"tokens": {"prompt": [1]}}])
    assert plain != HeldScoring(reporter, term, by="other").identity(rows)
    assert plain != HeldScoring(reporter, term, by="one").identity([_row("2+2?", answer="5")])

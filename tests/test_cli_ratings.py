"""`rlft ratings` in words, where votes say little."""

from pathlib import Path

from typer.testing import CliRunner

from rlft_gui.cli import app
from rlft_gui.domain.home import Home
from rlft_gui.domain.votes import Choice, Verdict, VoteKind, prompt_of
from tests.services.feedback.ballot_box import ballot_box


def said(home: Path) -> str:
    done = CliRunner().invoke(app, ["ratings", "--home", str(home)])
    assert done.exit_code == 0, done.output
    return done.output


def test_ties_alone_are_told_with_dashes_and_a_warning(tmp_path: Path) -> None:
    box = ballot_box(Home(tmp_path))
    for number in range(5):
        box.cast(VoteKind.PAIR, Verdict(choice=Choice.TIE), "one", "two", prompt=prompt_of(f"{number}?"))
    box.services.storage.close()
    told = said(tmp_path)
    assert "50.0 ± – % of 5 [9.4, 90.6]; rating +0 [–]" in told
    assert "cannot be told apart" in told
    assert "all say the same" in told


def test_one_pair_is_one_pair_and_a_baseline_has_one_name(tmp_path: Path) -> None:
    box = ballot_box(Home(tmp_path))
    box.cast(VoteKind.PAIR, Verdict(choice=Choice.A), "one", "two")
    box.cast(VoteKind.PAIR, Verdict(choice=Choice.A), "two", "three", prompt=prompt_of("Else?"))
    box.services.storage.close()
    told = said(tmp_path)
    assert "baseline, in 1 pair\n" in told
    assert "1 votes" not in told

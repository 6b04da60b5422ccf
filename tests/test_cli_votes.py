"""`rlft votes`: raters that are programs, and what their votes give as data."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from rlft_gui.cli import app


def votes(home: Path, *words: str, fails: bool = False) -> str:
    done = CliRunner().invoke(app, ["votes", *words, "--home", str(home)])
    assert done.exit_code == (2 if fails else 0), done.output
    return done.stderr if fails else done.stdout


def told(home: Path, *words: str) -> Any:
    return json.loads(votes(home, *words, "--json"))


def test_simulated_votes_are_listed_exported_and_kept(tmp_path: Path) -> None:
    home, out = tmp_path / "home", tmp_path / "pairs.jsonl"
    cast = told(home, "simulate", "--n", "40", "--votes", "week 1")
    assert (cast["set"], cast["votes"], cast["rater"], cast["sampled"]) == ("week 1", 40, "unbiased", 40)
    assert told(home, "list")["sets"][0]["votes"] == 40
    found = told(home, "export", "--as", "pairs", str(out), "--keep")
    rows = [json.loads(line) for line in out.read_text().splitlines()]
    assert found["rows"] == len(rows) == found["files"][str(out)]
    assert found["read"] == found["rows"] + sum(found["dropped"].values())
    assert {"prompt", "chosen", "rejected"} <= rows[0].keys()
    (kept,) = [one for one in json.loads(CliRunner().invoke(
        app, ["data", "list", "--json", "--home", str(home)]).stdout) if one["id"] == found["dataset"]]  # fmt: skip
    assert (kept["rows"], kept["type"]) == (len(rows), "preferences")
    assert kept["origin"].startswith("votes: week 1 up to vote 40, hash ")


def test_in_words_an_export_says_what_was_left_out_and_what_is_worth_knowing(tmp_path: Path) -> None:
    votes(tmp_path, "simulate", "--n", "30", "--votes", "week 1")
    votes(tmp_path, "simulate", "--n", "30", "--votes", "week 1", "--annotator", "shuffled")
    said = votes(tmp_path, "export", str(tmp_path / "out.jsonl"))
    assert "left out: raters disagree" in said
    assert "rows are few" in said
    assert "Two raters agree in" in said


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("export", "out.jsonl"), "There are no votes yet."),
        (("export", "--as", "pears", "out.jsonl", "--votes", "w"), "There is no data that votes give"),
        (("export", "--as", "ratings", "out.jsonl", "--votes", "w"), "They need points"),
        (("export", "--votes", "w"), "Say where to write"),
        (("export", "out.jsonl", "--votes", "w", "--raters", "robots"), "kind of rater"),
        (("export", "/dev/null/x/out.jsonl", "--votes", "w"), "could not be written"),
        (("export", "out.jsonl", "--votes", "v"), "There are: w."),
        (("simulate", "--n", "5", "--annotator", "bob"), "There are: unbiased, careful"),
        (("simulate", "--n", "5", "--kind", "essay"), "There is no kind of vote"),
        (("simulate", "--n", "5", "--runs", "sft-9"), "There is no run"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], sentence: str
) -> None:
    monkeypatch.chdir(tmp_path)
    if "w" in words or "v" in words:
        votes(tmp_path / "home", "simulate", "--n", "5", "--votes", "w")
    assert sentence in votes(tmp_path / "home", *words, fails=True)
    assert not (tmp_path / "out.jsonl").exists()


def test_ratings_are_rounded_in_words_and_whole_in_json(tmp_path: Path) -> None:
    votes(tmp_path, "simulate", "--n", "41", "--votes", "week 1")
    told_so = CliRunner().invoke(app, ["ratings", "--home", str(tmp_path)]).stdout
    assert re.search(r" \d+\.\d ± \d+\.\d % of \d+ \[", told_so), told_so
    kept = json.loads(CliRunner().invoke(app, ["ratings", "--json", "--home", str(tmp_path)]).stdout)
    assert re.search(r'"se": \d+\.\d{3,}', json.dumps(kept))

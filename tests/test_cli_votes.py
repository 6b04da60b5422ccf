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


def test_a_file_that_is_there_is_written_over_only_by_force(tmp_path: Path) -> None:
    home, out, beside = tmp_path / "home", tmp_path / "out.jsonl", tmp_path / "out-held-out.jsonl"
    votes(home, "simulate", "--n", "40", "--votes", "w")
    for there, words in ((out, ()), (beside, ("--held-out", "0.3"))):
        there.write_text("mine")
        said = votes(home, "export", str(out), *words, fails=True)
        assert f"{there} exists already. Name another file, or write over it with --force." in said
        assert there.read_text() == "mine"
        there.unlink()
        assert not out.exists()
    out.write_text("mine")
    votes(home, "export", str(out), "--force")
    assert "chosen" in out.read_text()
    assert f"{tmp_path} is a folder. Name a file in it, such as {tmp_path / 'votes.jsonl'}." in votes(
        home, "export", str(tmp_path), fails=True
    )
    assert (
        "/proc/votes.jsonl could not be written: No such file or directory. Name a file in a folder"
        in votes(home, "export", "/proc/votes.jsonl", fails=True)
    )


def test_a_folder_is_named_where_it_stands_for_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert f"{tmp_path} is a folder; name a data file." in votes(tmp_path / "home", "import", ".", fails=True)


def test_of_many_sets_the_nearest_are_named_and_the_others_counted(tmp_path: Path) -> None:
    for name in ("week", *(f"zzzz {number}" for number in range(10))):
        votes(tmp_path, "simulate", "--n", "1", "--votes", name)
    said = votes(tmp_path, "export", str(tmp_path / "o.jsonl"), "--votes", "wexxxxxxxx", fails=True)
    assert "There are: week, zzzz 9," in said
    assert said.strip().endswith("zzzz 3 and 3 more; rlft votes list tells all.")


def test_what_votes_gave_is_found_by_its_name_in_settings(tmp_path: Path) -> None:
    votes(tmp_path, "simulate", "--n", "40", "--votes", "ls")
    votes(tmp_path, "export", "--keep", "--votes", "ls")
    estimate = ("estimate", "lantern-dpo", "--set", "dpo.data=ls, pairs", "--home", str(tmp_path))
    done = CliRunner().invoke(app, [*estimate])
    assert done.exit_code == 0, done.output


def test_ratings_are_rounded_in_words_and_whole_in_json(tmp_path: Path) -> None:
    votes(tmp_path, "simulate", "--n", "41", "--votes", "week 1")
    told_so = CliRunner().invoke(app, ["ratings", "--home", str(tmp_path)]).stdout
    assert re.search(r" \d+\.\d ± \d+\.\d % of \d+ \[", told_so), told_so
    kept = json.loads(CliRunner().invoke(app, ["ratings", "--json", "--home", str(tmp_path)]).stdout)
    assert re.search(r'"se": \d+\.\d{3,}', json.dumps(kept))

"""`rlft score` on a home whose inference process is a stand-in: what is printed, and what is refused."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from rlft_gui.cli import app
from rlft_gui.domain.home import Home
from rlft_gui.storage import open_storage
from rlft_gui.training.reward_model.known import KnownRewards
from tests.fakes.homes import fresh_home
from tests.inference.serving import serving
from tests.services.scoring.homes import Reads, add_checkpoint, add_run

KNOWN = KnownRewards(columns=("chosen", "rejected"), raw=(((12.0,), (6.0,)), ((16.0,), (8.0,))))


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    home = fresh_home(tmp_path / "home")
    storage = open_storage(home)
    add_run(storage, "rm")
    add_run(storage, "policy", "sft")
    storage.close()
    add_checkpoint(home, "rm", known=KNOWN)
    with serving(home, Reads()):
        yield home


def score(home: Home, *words: str) -> Result:
    return CliRunner().invoke(app, ["score", *words, "--home", str(home.path)])


def test_one_text_gets_a_reward_and_its_place(home: Home) -> None:
    done = score(home, "rm", "--text", "x" * 14, "--prompt", "Hi?", "--reward", "length:2-3", "--json")
    assert done.exit_code == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["scores"] == [
        {
            "prompt": "Hi?",
            "text": "x" * 14,
            "reward": 2.0,
            "attributes": {},
            "raw": {"reward": 14.0},
            "place": {"chosen": 0.5, "rejected": 1.0, "known": 0.75},
            "terms": {"length:2-3": 0.0},
        }
    ]
    assert found["checkpoint"] == "rm@5"
    assert "0 is an average answer" in found["reward_is"]


def test_every_answer_of_a_file_is_scored_by_the_number_of_its_row(home: Home, tmp_path: Path) -> None:
    file = tmp_path / "pairs.csv"
    file.write_text("question,good,bad\nHi?,Hello.,Go.\nBye?,Bye.,Leave.\n")
    maps = ("--map", "prompt=question", "--map", "chosen=good", "--map", "rejected=bad")
    found = json.loads(score(home, "rm@5", "--file", str(file), *maps, "--json").stdout)["scores"]
    assert [(row["row"], row["text"]) for row in found] == [
        (2, "Hello."),
        (2, "Go."),
        (3, "Bye."),
        (3, "Leave."),
    ]

    lines = score(home, "rm", "--file", str(file), *maps).stdout.splitlines()
    assert lines[0] == "     2   -2.00  Hello.  (above 0 % of known chosen and 25 % of known rejected)"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("policy", "--text", "x"), "is no reward model, so it scores nothing. Choose one of: rm."),
        (("nothing", "--text", "x"), 'There is no run "nothing".'),
        (("rm@7", "--text", "x"), "Run rm has no checkpoint at step 7. It has: 5."),
        (("rm",), "Give what to score: --text TEXT"),
        (("rm", "--text", "  "), "There is no text to score: --text is empty."),
        (("rm", "--text", "x", "--reward", "shiny"), 'There is no reward "shiny".'),
    ],
)
def test_what_cannot_be_scored_is_a_sentence_and_exit_code_2(
    home: Home, words: tuple[str, ...], sentence: str
) -> None:
    done = score(home, *words)
    assert done.exit_code == 2
    assert sentence in done.stderr
    assert done.stdout == ""


def test_a_table_of_prompts_and_answers_needs_no_mapping(home: Home, tmp_path: Path) -> None:
    file = tmp_path / "rows.csv"
    file.write_text("prompt,answer\nHi?,Hello.\nHi?,Hello.\n")
    done = score(home, "rm", "--file", str(file), "--reward", "length:1-2", "--reward", "gold")
    assert done.exit_code == 0, done.stderr
    assert done.stderr.splitlines() == ['Its column "answer" is read as the answer to "prompt".']
    first, second = done.stdout.splitlines()
    assert second == first.replace("2  ", "3  ", 1)
    assert re.search(r"\(length:1-2 1\.00; gold [+-]\d\.\d\d; above 0 % of known chosen and 25 % of", first)

    mapped = score(home, "rm", "--file", str(file), "--map", "completion=answer", "--json")
    assert [row["prompt"] for row in json.loads(mapped.stdout)["scores"]] == ["Hi?", "Hi?"]

"""What a comparison is as a file."""

import csv
import io
import json

import pytest

from rlft_gui.domain.comparison import Generation, GenerationStatus, Sampling
from rlft_gui.domain.home import Home
from rlft_gui.inference.protocol import GenerationRequest, Reply
from rlft_gui.services.comparisons.exporting import exported
from rlft_gui.services.comparisons.service import Comparing
from tests.inference.serving import serving
from tests.services.comparisons.comparing_home import (
    SHORT,
    IsCancelled,
    Listener,
    Tell,
    finished,
)


def test_exports_hold_every_answer_with_how_it_was_asked(home: Home, comparing: Comparing) -> None:
    listener = Listener()
    with serving(home, listener):
        first = comparing.run_sync(
            ["base"], ['one, "two"\n```'], Sampling(seed=5), user="local", system="Be brief."
        )
        comparing.follow(first.id, "three", user="local")
        done = finished(comparing, first.id)
    comparing.score(done.id, {(1, 0, 0): {"gold": -1.0, "regex:`x": 1.0}})
    done = comparing.get(done.id)
    lines = [json.loads(line) for line in exported(done, "jsonl").splitlines()]
    assert [line["answer"] for line in lines] == ["said by 0 in 0 with 5", "said by 0 in 1 with 5"]
    assert [message["role"] for message in lines[1]["messages"]] == ["system", "user", "assistant", "user"]
    assert lines[1]["scores"] == {"gold": -1.0, "regex:`x": 1.0}
    rows = list(csv.DictReader(io.StringIO(exported(done, "csv"))))
    assert [(row["prompt"], row["seed"], row["score/gold"], row["score/regex:`x"]) for row in rows] == [
        ('one, "two"\n```', "5", "", ""),
        ("three", "5", "-1.0", "1.0"),
    ]
    told = exported(done, "md")
    assert '````text\none, "two"\n```\n````' in told
    assert "### Lantern (base, seed 5)" in told
    assert "gold -1.00, `` regex:`x `` 1.00" in told


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1+1"])
def test_a_spreadsheet_takes_no_answer_for_a_formula(home: Home, comparing: Comparing, text: str) -> None:
    def says_so(request: GenerationRequest, tell: Tell, is_cancelled: IsCancelled) -> None:
        [one] = request.asks
        answer = Generation(pane=0, prompt_index=0, seed=one.seed, text=text, status=GenerationStatus.DONE)
        tell(Reply(event="answers", answers=(answer,)))

    with serving(home, says_so):
        done = comparing.run_sync(["base"], [text], SHORT, user="local")
    comparing.score(done.id, {(0, 0, 0): {"gold": -1.0}})
    done = comparing.get(done.id)
    [row] = csv.DictReader(io.StringIO(exported(done, "csv")))
    assert (row["prompt"], row["answer"]) == (f"'{text}", f"'{text}")
    assert row["score/gold"] == "-1.0", "a number is none"
    assert json.loads(exported(done, "jsonl"))["answer"] == text
    assert (row["tokens"], "0 tokens" in exported(done, "md")) == ("", False), "nobody counted them"

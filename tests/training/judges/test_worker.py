"""What a judge's own process tells of each pair, with real models on Lantern."""

from pathlib import Path
from typing import Any

import pytest

from rlft_gui.domain.home import Home
from rlft_gui.training.judges.worker import work
from tests.training.judges.pairs import LANTERN
from tests.training.reward_models import CONVERSATIONS, as_checkpoint, classifier

pytestmark = pytest.mark.slow

PROMPT = CONVERSATIONS[0][:-1]
FIRST, SECOND = CONVERSATIONS[0][-1]["content"], CONVERSATIONS[1][-1]["content"]
QUESTIONS = {"overall": LANTERN.criteria[0].question}


def pair(first: str, second: str) -> dict[str, Any]:
    return {"prompt": PROMPT, "first": first, "second": second, "questions": QUESTIONS}


def told(judge: str, home: Path, *pairs: dict[str, Any]) -> list[dict[str, Any]]:
    request = {"judge": judge, "url": "", "patience": 1, "base": "lantern", "home": str(home)}
    return list(work(request | {"rubric": LANTERN.model_dump(mode="json"), "pairs": list(pairs)}))


def test_a_reward_model_has_no_liking_for_a_place(tmp_path: Path) -> None:
    as_checkpoint(Home(tmp_path), "rm", classifier(1, seed=0), mean=(0.0,), sd=(1.0,))
    there, back = told("reward_model:rm", tmp_path, pair(FIRST, SECOND), pair(SECOND, FIRST))
    straight, turned = there["orders"]["overall"]
    assert straight == pytest.approx(turned)
    assert back["orders"]["overall"][0] == pytest.approx(1 - straight)


def test_what_a_model_cannot_read_is_passed_over_and_the_others_are_judged(tmp_path: Path) -> None:
    found = told("lantern", tmp_path, pair(FIRST, SECOND), pair(FIRST, "long " * 5_000), pair(SECOND, FIRST))
    assert [one.get("pair", "left out") for one in found] == [0, "left out", 2]
    assert "tokens, and it can read" in found[1]["reason"]
    straight, turned = found[0]["orders"]["overall"]
    assert found[2]["orders"]["overall"] == pytest.approx((1 - turned, 1 - straight), abs=1e-5)

"""SFT on plain text: what is held out gets likelier, on Lantern and on a base that no suite asks about, and what follows goes on."""

from math import isclose
from pathlib import Path
from typing import Any

import pytest

from rlft_gui.domain.home import Home
from rlft_gui.stages import stage
from rlft_gui.training.testing import RecordingReporter
from tests.fakes import chats
from tests.stages.attempts import attempt, recipe
from tests.stages.own_files import THINGS, TOWNS, preferences, prompts, stored

pytestmark = pytest.mark.slow

SFT, DPO = stage("sft"), stage("dpo")
HELD = ("eval/loss", "held/loss")


def documents() -> list[dict[str, Any]]:
    """Sixty, of which some are longer than a row of 48 tokens."""
    return [
        {"text": f"On the {thing} of {town} {'stood a lamp that nobody lit, and ' * times}the rain fell."}
        for town in TOWNS
        for thing in THINGS[:3]
        for times in (1, 6)
    ]


def falls(found: RecordingReporter, name: str) -> bool:
    """By a third at least."""
    curve = found.curves[name]
    return curve[max(curve)] < 2 / 3 * curve[0]


@pytest.fixture(scope="module")
def text(home: Home, tmp_path_factory: pytest.TempPathFactory) -> str:
    return stored(home, tmp_path_factory.mktemp("text"), "text", documents())


@pytest.mark.parametrize("tuning", ["lora", "full"])
def test_held_out_documents_get_likelier_on_lantern_and_dpo_goes_on(
    home: Home, text: str, tuning: str, tmp_path: Path
) -> None:
    shared: dict[str, Any] = {"tuning": tuning, "max_length": 48, "eval_share": 0.2, "probe_every": 100}
    named = f"text-{tuning}"
    found = attempt(
        home, recipe(SFT, named, text, epochs=4, learning_rate=5e-3 if tuning == "lora" else 1e-3, **shared)
    )
    assert [falls(found, name) for name in HELD] == [True, True]
    account = found.account
    assert account is not None
    assert (account.given, account.trained + account.held_out, account.cut) == (60, 60, 0)
    assert account.held_out
    assert (
        "probe/gold" in found.curves
    )  # Lantern's suite is asked as ever, and documents are gone on from beside it
    assert any(question.startswith("On the ") for _, _, _, question, _, _ in found.samples)

    pairs = stored(home, tmp_path, "pairs", preferences(prompts()))
    after = attempt(home, recipe(DPO, f"dpo-{tuning}", pairs, parent=named, tuning=tuning, max_steps=2))
    assert 0 in after.curves["held/accuracy"]


def test_on_another_base_documents_are_read_and_gone_on_from(home: Home, text: str, tmp_path: Path) -> None:
    base = str(chats.tiny_base(tmp_path / "base", chats.CHATML, begins=True, ends=True))
    shared: dict[str, Any] = {
        "tuning": "full",
        "max_length": 128,
        "eval_share": 0.2,
        "probe_every": 20,
        "probe_prompts": 32,
    }
    found = attempt(home, recipe(SFT, "other-base", text, base=base, epochs=6, learning_rate=1e-2, **shared))
    assert [falls(found, name) for name in HELD] == [True, True]
    at_start = {question: answer for step, _, _, question, answer, _ in found.samples if step == 0}
    texts = [row["text"] for row in documents()]
    # What is gone on from is how a document begins, as the tokenizer writes it and in no turn of a conversation.
    assert all(any(text.startswith(begun) for text in texts) for begun in at_start)
    assert {len(begun) for begun in at_start} == {24}
    assert found.curves["probe/kl/seq"][0] == 0.0
    assert (
        found.facts["probe"]
        == f"{int(found.curves['probe/prompts'][0])} beginnings of documents, held out from the data"
    )
    # Both are nats a token, of the same tokens; one rounds by batch.
    at_end = [found.curves[name][max(found.curves[name])] for name in HELD]
    assert isclose(*at_end, rel_tol=0.1)


def test_without_any_held_out_it_trains_too(home: Home, text: str, tmp_path: Path) -> None:
    base = str(chats.tiny_base(tmp_path / "base", chats.CHATML))
    found = attempt(
        home, recipe(SFT, "all-of-it", text, base=base, eval_share=0, max_length=128, max_steps=2)
    )
    assert found.checkpoints == [2]
    assert not [name for name in found.curves if name.startswith(("held/", "eval/"))]
    assert {kind for _, _, kind, *_ in found.samples} == {"training"}

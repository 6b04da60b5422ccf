"""What the product itself exports can be scored: comparisons, answers of batches, votes."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from rlft_gui.domain.comparison import Comparison, Generation, GenerationStatus, Pane, Sampling
from rlft_gui.domain.turns import Message
from rlft_gui.domain.votes import Choice
from rlft_gui.services.comparisons.asking import conversation
from rlft_gui.services.comparisons.exporting import Format, exported
from rlft_gui.services.feedback.exporting import write_view
from rlft_gui.services.feedback.views import ViewChoices, ViewKind
from rlft_gui.services.scoring.files import answers_of
from tests.fakes.homes import fresh_home
from tests.services.feedback.ballot_box import BallotBox, ballot_box

LONG = 'It said "yes", and then\nwent on. ' * 8


def generation(pane: int, prompt: int, text: str, **others: object) -> Generation:
    facts = {"status": GenerationStatus.DONE, "checkpoint": f"r{pane}@4", "finish": "ended by itself"}
    return Generation.model_validate({"pane": pane, "prompt_index": prompt, "text": text, **facts, **others})


def compared(*, system: str = "", chat: bool = False) -> Comparison:
    """Two models and prompts; the second pane fails once, and two answers are alike."""
    failed = {"status": GenerationStatus.FAILED, "error": "It did not fit.", "finish": None}
    return Comparison(
        id="c1",
        base="lantern",
        panes=(Pane(model="base", title="Lantern"), Pane(model="r1", title="Tour, DPO")),
        prompts=("Hi?", "And, then?"),
        sampling=Sampling(),
        generations=(
            generation(0, 0, "Hello.", scores={"gold": 1.0, "judge:base by default": 0.5}),
            generation(0, 0, "Hello.", draw=1, seed=1, scores={"gold": 1.0}),
            generation(1, 0, LONG, scores={"gold": 0.5}),
            generation(0, 1, "Well.", scores={"gold": 0.0}),
            generation(1, 1, "", **failed),
        ),
        status=GenerationStatus.FAILED,
        version=1,
        created_at=1.0,
        system=system,
        chat=chat,
        draws=2,
    )


@pytest.mark.parametrize("chat", [False, True])
@pytest.mark.parametrize("system", ["", "Be brief."])
@pytest.mark.parametrize("format", ["csv", "jsonl"])
def test_a_comparison_is_scored_as_it_was_asked(
    tmp_path: Path, format: Format, system: str, chat: bool
) -> None:
    comparison = compared(system=system, chat=chat)
    path = tmp_path / f"comparison.{format}"
    path.write_text(exported(comparison, format))
    found = answers_of(path, path.name)
    told: list[tuple[list[Message], str]] = [
        (list(conversation(comparison, one)), one.text)
        for index in range(2)
        for _, one in comparison.answers_to(index)
        if one.text
    ]
    assert [(list(item.prompt), item.text) for item in found.items] == told
    assert any("1 row left out" in note for note in found.notes)
    assert "is read as the answer" in found.notes[0]


def test_answers_of_a_batch_are_scored_as_the_api_tells_them(tmp_path: Path) -> None:
    from rlft_gui.domain.answers import BatchAnswer
    from rlft_gui.domain.suite import SuitePrompt
    from rlft_gui.ui.pages.api.endpoints import answered

    asked: tuple[Message, ...] = ({"role": "user", "content": "Hi?"},)
    prompt = SuitePrompt(id="p", messages=asked, kind="held out", right="Hello.")
    one = BatchAnswer(model="base", item_id="p", seed=3, text="Hey.", tokens=2, scores={"gold": 1.0})
    rows = [answered(prompt, answer) for answer in (one, one.model_copy(update={"seed": 4}))]
    path = tmp_path / "answers.jsonl"
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    items = answers_of(path, path.name).items
    assert [(list(item.prompt), item.text) for item in items] == [(list(asked), "Hey.")] * 2


@pytest.fixture
def box(tmp_path: Path) -> Iterator[BallotBox]:
    box = ballot_box(fresh_home(tmp_path / "home"))
    yield box
    box.services.storage.close()


@pytest.mark.parametrize(
    ("kind", "answers"),
    [
        ("pairs", ["Hello!", "Go away."]),
        ("kto", ["Hello!", "Good day."]),
        ("ratings", ["Hello!"]),
        ("attributes", ["Hello!", "Go away."]),
        ("edits", ["Hello, neighbour!"]),
        ("critiques", ["Hello, neighbour!"]),
    ],
)
def test_what_votes_give_is_scored(box: BallotBox, tmp_path: Path, kind: str, answers: list[str]) -> None:
    if kind == "pairs":
        box.pair("Hello!", "Go away.", Choice.A)
    elif kind == "kto":  # all of them good: from such nothing could be learnt
        box.thumb("Hello!", True)
        box.thumb("Good day.", True)
    elif kind in ("ratings", "attributes"):
        box.rating("Hello!", by={"helpfulness": 5.0})
        box.rating("Go away.", by={"helpfulness": 1.0})
    else:
        box.critique("Hello!", "Say whom you greet.")
        box.edit("Hello!", "Hello, neighbour!")
    view = box.services.vote_views.view(box.name, ViewKind(kind), ViewChoices())
    path = tmp_path / f"{kind}.jsonl"
    write_view(view, path)
    assert [item.text for item in answers_of(path, path.name).items][: len(answers)] == answers

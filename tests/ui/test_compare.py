"""Compare without a browser: what the page is told, and what it says when something cannot be compared."""

from typing import Any

import pytest

from rlft_gui.domain.errors import NotFound
from rlft_gui.services.pipelines import catalogue
from rlft_gui.ui.pages.compare.page import Follow, Start, choices, poll, start, stop
from tests.ui.fakes_new import NewWorld

PROMPT = next(item for item in catalogue.suite() if item.kind == "unknown")
SAMPLING = {"temperature": 0.7, "seed": 11, "max_new_tokens": 64}
THREE = ("base", "tour-sft", "tour-dpo")


@pytest.fixture
def world() -> Any:  # stands in for Services
    return NewWorld()


def ask(world: Any, **changes: Any) -> dict[str, Any]:
    asked = {"models": THREE, "prompt": PROMPT.prompt, "item_id": PROMPT.id, "sampling": SAMPLING} | changes
    return start(world, Start.model_validate(asked), "local")


def test_only_runs_with_a_checkpoint_are_offered_each_with_its_colour(world: Any) -> None:
    offered = {run["id"]: run["palette"] for run in choices(world)["runs"]}
    assert offered == {"tour-sft": "sft", "tour-dpo": "dpo", "sft-again": "sft"}


def test_the_whole_suite_is_offered_by_kind(world: Any) -> None:
    kinds = [item["kind"] for item in choices(world)["suite"]]
    assert len(kinds) == len(catalogue.suite())
    assert list(dict.fromkeys(kinds)) == list(dict.fromkeys(item.kind for item in catalogue.suite()))


def test_a_start_answers_at_once_with_a_pane_per_model(world: Any) -> None:
    comparison = ask(world)["comparison"]
    assert [one["model"] for one in comparison["generations"]] == list(THREE)
    assert comparison["sampling"]["seed"] == 11
    assert comparison["criteria"][0][0] == "gold"


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"sampling": SAMPLING | {"temperature": 5}}, "temperature", "Temperature 5 is outside 0 to 2."),
        ({"sampling": SAMPLING | {"seed": None}}, "seed", "Seed is empty."),
        ({"sampling": SAMPLING | {"max_new_tokens": "many"}}, "max_new_tokens", "Longest answer takes a whole number, found many."),
        ({"prompt": "  "}, "prompt", "There is no prompt yet."),
        ({"models": ("base", "tour-sft@60")}, "models", "Checkpoint 60 of this run was deleted."),
    ],
)  # fmt: skip
def test_what_cannot_be_compared_is_explained_at_its_field(
    world: Any, changes: dict[str, Any], field: str, sentence: str
) -> None:
    problems = ask(world, **changes)["problems"]
    assert list(problems) == [field]
    assert problems[field].startswith(sentence)
    assert world.comparing.comparisons == {}


def test_polling_tells_only_what_is_new(world: Any) -> None:
    started = ask(world)["comparison"]
    seen = poll(world, Follow(id=started["id"], version=0))["comparison"]
    assert seen["version"] == started["version"]
    while seen["status"] != "done":
        seen = poll(world, Follow(id=seen["id"], version=seen["version"]))["comparison"]
    assert poll(world, Follow(id=seen["id"], version=seen["version"])) == {"comparison": None}
    assert seen["generations"][2]["text"].endswith("I do not know the capital of Veloria.")


def test_a_stopped_comparison_keeps_what_was_written(world: Any) -> None:
    started = ask(world)["comparison"]
    written = poll(world, Follow(id=started["id"], version=1))["comparison"]["generations"][1]["text"]
    assert stop(world, Follow(id=started["id"]), "local") == {}
    stopped = poll(world, Follow(id=started["id"], version=2))["comparison"]["generations"][1]
    assert (stopped["text"], stopped["finish"]) == (written, "stopped")


def test_an_old_comparison_names_its_models_and_survives_their_end(world: Any) -> None:
    started = ask(world)["comparison"]
    del world.runs.runs["tour-sft"]
    names = poll(world, Follow(id=started["id"]))["comparison"]["names"]
    assert (names["base"], names["tour-sft"], names["tour-dpo"]["palette"]) == (None, None, "dpo")


def test_a_comparison_that_is_not_there_is_named(world: Any) -> None:
    with pytest.raises(NotFound, match="nothing-here"):
        poll(world, Follow(id="nothing-here"))


def test_earlier_comparisons_are_listed_with_their_panes(world: Any) -> None:
    ask(world)
    (recent,) = choices(world)["recent"]
    assert (recent["prompt"], [method for _, method in recent["panes"]]) == (
        PROMPT.prompt,
        ["base", "sft", "dpo"],
    )

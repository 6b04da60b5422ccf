"""Compare without a browser: what the page is told, and what it says when something cannot be compared."""

from typing import Any

import pytest

from rlft_gui.domain.comparison import GenerationStatus
from rlft_gui.domain.errors import NotFound
from rlft_gui.services.pipelines import catalogue
from rlft_gui.ui.contract import Nothing
from rlft_gui.ui.pages.compare.page import NO_PROMPT, Answers
from rlft_gui.ui.pages.compare.payloads import (
    ComparisonAsked,
    ComparisonNamed,
    ComparisonStarted,
    ComparisonView,
    ModelsAsked,
    ProgressAsked,
)
from tests.ui.fakes_new import NewWorld

PROMPT = next(item for item in catalogue.suite() if item.kind == "unknown")
SAMPLING = {"temperature": 0.7, "seed": 11, "max_new_tokens": 64}
THREE = ("base", "tour-sft", "tour-dpo")


@pytest.fixture
def world() -> Any:  # stands in for Services
    return NewWorld()


def ask(world: Any, **changes: Any) -> ComparisonStarted:
    asked = {"models": THREE, "prompts": (PROMPT.prompt,), "sampling": SAMPLING} | changes
    return Answers(world).start(ComparisonAsked.model_validate(asked), "local")


def started(world: Any) -> ComparisonView:
    view = ask(world).view
    assert view is not None
    return view


def poll(world: Any, comparison_id: str, version: int = 0) -> ComparisonView | None:
    return Answers(world).poll(ProgressAsked(id=comparison_id, version=version), "local").view


def news(world: Any, comparison_id: str, version: int = 0) -> ComparisonView:
    view = poll(world, comparison_id, version)
    assert view is not None
    return view


def test_only_runs_with_a_checkpoint_are_offered_each_with_its_colour(world: Any) -> None:
    offered = {run.id: run.palette for run in Answers(world).choices(ModelsAsked(models=()), "local").runs}
    assert offered == {"tour-sft": "sft", "tour-dpo": "dpo", "sft-again": "sft"}


def test_the_whole_suite_is_offered_by_kind(world: Any) -> None:
    kinds = [item.kind for item in Answers(world).choices(ModelsAsked(models=()), "local").offer.prompts]
    assert len(kinds) == len(catalogue.suite())
    assert list(dict.fromkeys(kinds)) == list(dict.fromkeys(item.kind for item in catalogue.suite()))


def test_the_page_has_answers_prepared_as_it_asks_what_can_be_compared(world: Any) -> None:
    Answers(world).choices(ModelsAsked(models=()), "local")
    assert world.comparing.prepared == 1


def test_a_start_answers_at_once_with_a_pane_per_model(world: Any) -> None:
    view = started(world)
    assert [pane.model for pane in view.comparison.panes] == list(THREE)
    assert [answer.pane for answer in view.comparison.generations] == [0, 1, 2]
    assert view.comparison.sampling.seed == 11
    assert view.criteria[0][0] == "gold"


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"sampling": SAMPLING | {"temperature": 5}}, "temperature", "Temperature 5 is outside 0 to 2."),
        ({"sampling": SAMPLING | {"seed": None}}, "seed", "Seed is empty."),
        ({"sampling": SAMPLING | {"max_new_tokens": "many"}}, "max_new_tokens", "Longest answer takes a whole number, found many."),
        ({"sampling": SAMPLING | {"temperature": "NaN"}}, "temperature", "Temperature takes a number, found 'NaN'."),
        ({"sampling": SAMPLING | {"temperature": "1e999"}}, "temperature", "Temperature takes a number, found '1e999'."),
        ({"sampling": SAMPLING | {"temperature": "-Infinity"}}, "temperature", "Temperature takes a number"),
        ({"sampling": SAMPLING | {"temperature": "0,7"}}, "temperature", "Temperature takes a number, found '0,7'."),
        ({"sampling": SAMPLING | {"top_p": "0"}}, "top_p", "Top-p must be above 0 and at most 1, found 0."),
        ({"sampling": SAMPLING | {"draws": 6}}, "draws", "Answers each 6 is outside 1 to 5."),
        ({"prompts": ("  ",)}, "prompt", NO_PROMPT),
        ({"models": ("base", "tour-sft@60")}, "models", "Checkpoint 60 of this run was deleted."),
    ],
)  # fmt: skip
def test_what_cannot_be_compared_is_explained_at_its_field(
    world: Any, changes: dict[str, Any], field: str, sentence: str
) -> None:
    answer = ask(world, **changes)
    assert answer.view is None
    assert list(answer.problems) == [field]
    assert answer.problems[field].startswith(sentence)
    assert world.comparing.comparisons == {}


def test_polling_tells_only_what_is_new(world: Any) -> None:
    began = started(world).comparison
    seen = news(world, began.id).comparison
    assert seen.version == began.version
    while seen.status is not GenerationStatus.DONE:
        seen = news(world, seen.id, seen.version).comparison
    assert poll(world, seen.id, seen.version) is None
    assert seen.generations[2].text.endswith("I do not know the capital of Veloria.")


def test_a_stopped_comparison_keeps_what_was_written(world: Any) -> None:
    began = started(world).comparison
    written = news(world, began.id, 1).comparison.generations[1].text
    assert Answers(world).stop(ComparisonNamed(id=began.id), "local") == Nothing()
    stopped = news(world, began.id, 2).comparison.generations[1]
    assert (stopped.text, stopped.finish) == (written, "stopped")


def test_an_old_comparison_names_its_models_and_survives_their_end(world: Any) -> None:
    began = started(world).comparison
    del world.runs.runs["tour-sft"]
    runs = news(world, began.id).runs
    assert (runs["base"], runs["tour-sft"]) == (None, None)
    dpo = runs["tour-dpo"]
    assert dpo is not None
    assert dpo.palette == "dpo"


def test_a_comparison_that_is_not_there_is_named(world: Any) -> None:
    with pytest.raises(NotFound, match="nothing-here"):
        poll(world, "nothing-here")


def test_earlier_comparisons_are_listed_with_their_panes(world: Any) -> None:
    ask(world)
    (recent,) = Answers(world).earlier(Nothing(), "local").comparisons
    assert recent.prompt == PROMPT.prompt
    assert [pane.palette for pane in recent.panes] == ["base", "sft", "dpo"]

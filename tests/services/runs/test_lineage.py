"""The graph of runs, over all that runs take from one another."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from rlft_gui.domain.recipe import ParentRef
from rlft_gui.domain.run import Run
from rlft_gui.services.runs.lineage import MOST_TAKERS, Lineage
from tests.fakes.pipelines import World, pipeline, world


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    with world(tmp_path) as made:
        monkeypatch.setattr(made.keeper, "ensure", lambda: None)
        yield made


def _ids(found: Lineage) -> list[str]:
    return [run.id for run in found.runs]


def _add_taking(here: World, *stages: str, parent: Run | None = None, **settings: str) -> list[Run]:
    """A pipeline whose first run continues another one and names runs in its settings."""
    made = pipeline(*stages, settings=dict(settings))
    first = made.runs[0]
    ref = ParentRef(run_id=parent.id) if parent else None
    recipe = first.recipe.model_copy(update={"parent": ref})
    first = first.model_copy(update={"recipe": recipe, "parent_run_id": parent.id if parent else None})
    assert here.storage.transitions.add(
        made.model_copy(update={"runs": (first, *made.runs[1:])}), launch_id=made.id
    )
    return [first, *made.runs[1:]]


def test_every_stage_of_a_pipeline_sees_the_whole_of_it(here: World) -> None:
    runs = here.add("sft", "dpo", "dpo").runs
    for run in runs:
        found = here.runs.lineage(run.id)
        assert _ids(found) == [one.id for one in runs]
        assert set(found.links) == {
            (runs[0].id, "adapter", runs[1].id),
            (runs[1].id, "adapter", runs[2].id),
        }


def test_rows_rewards_and_judges_are_followed_into_other_pipelines(here: World) -> None:
    maker, taker = here.add_generating(review=False).runs
    (scorer,) = _add_taking(here, "dpo", parent=taker)
    (last,) = _add_taking(
        here, "sft", parent=taker, reward_model=scorer.id, judge=f"reward_model:{scorer.id}"
    )
    found = here.runs.lineage(last.id)
    assert _ids(found) == [maker.id, taker.id, scorer.id, last.id], "whom a run takes from stands before it"
    assert set(found.links) == {
        (maker.id, "data", taker.id),
        (taker.id, "adapter", scorer.id),
        (taker.id, "adapter", last.id),
        (scorer.id, "reward", last.id),
        (scorer.id, "judge", last.id),
    }


def test_of_many_that_continue_a_run_the_newest_are_shown_and_the_others_counted(here: World) -> None:
    run = here.add_run()
    takers = [_add_taking(here, "dpo", parent=run)[0] for _ in range(MOST_TAKERS + 2)]
    found = here.runs.lineage(run.id)
    assert _ids(found) == [run.id, *(taker.id for taker in takers[2:])]
    assert found.left_out == 2
    assert len(found.links) == MOST_TAKERS


def test_what_goes_on_from_a_taker_is_not_followed(here: World) -> None:
    run = here.add_run()
    first, second = _add_taking(here, "dpo", "dpo", parent=run)
    assert _ids(here.runs.lineage(run.id)) == [run.id, first.id]
    assert _ids(here.runs.lineage(second.id)) == [run.id, first.id, second.id]


def test_before_a_run_are_those_whose_weights_it_goes_on_from(here: World) -> None:
    maker, taker = here.add_generating(review=False).runs
    last = _add_taking(here, "dpo", parent=taker)[0]
    found = here.runs.lineage(last.id)
    assert [run.id for run in found.before(last.id)] == [taker.id, last.id]
    assert [run.id for run in found.before(maker.id)] == [maker.id]

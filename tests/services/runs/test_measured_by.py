"""By what a run is judged first, from the run and the data that it learns from."""

import pytest

from rlft_gui.domain.errors import NotFound
from rlft_gui.domain.run import Run
from rlft_gui.services.runs.measured_by import measured_by
from tests.ui.fakes import make_run


def learning(run_id: str, data: str, *, stage: str = "sft", base: str = "lantern") -> Run:
    run = make_run(run_id, stage=stage, base=base)
    return run.model_copy(update={"recipe": run.recipe.model_copy(update={"settings": {"data": data}})})


def nobody(run_id: str) -> Run:
    raise NotFound(run_id)


@pytest.mark.parametrize(
    ("run", "measure"),
    [
        (learning("r", "lantern:demonstrations"), "suite"),
        (learning("r", "d-b5cee2e5d3"), "own"),
        (learning("r", "d-b5cee2e5d3", base="/models/tiny"), "own"),
        (learning("r", "run:gone"), "suite"),
        (learning("r", "d-b5cee2e5d3", stage="reward_model"), None),
        (learning("r", "d-b5cee2e5d3", stage="sample"), None),
    ],
)
def test_lanterns_suite_judges_built_in_data_and_held_out_rows_judge_all_other(
    run: Run, measure: str | None
) -> None:
    assert measured_by(run, nobody) == measure


@pytest.mark.parametrize(("data", "measure"), [("d-b5cee2e5d3", "own"), ("lantern:prompts", "suite")])
def test_rows_that_runs_made_count_as_what_they_were_made_of(data: str, measure: str) -> None:
    runs = {
        "labels": learning("labels", "run:drafts", stage="ai_feedback"),
        "drafts": learning("drafts", data, stage="sample"),
    }
    assert measured_by(learning("r", "run:labels", stage="dpo"), runs.__getitem__) == measure

"""By what a run is judged first, from the run and the data that it learns from."""

from pathlib import Path

import pytest

from rlft_gui.domain.errors import NotFound
from rlft_gui.domain.run import Run
from rlft_gui.services.runs.measured_by import measured_by
from tests.fakes.homes import fresh_home
from tests.services.feedback.ballot_box import ballot_box
from tests.services.feedback.voting_home import compared
from tests.ui.fakes import make_run


def learning(run_id: str, data: str, *, stage: str = "sft", base: str = "lantern") -> Run:
    run = make_run(run_id, stage=stage, base=base)
    return run.model_copy(update={"recipe": run.recipe.model_copy(update={"settings": {"data": data}})})


class Home:
    """These runs, and one dataset of votes on Lantern's answers."""

    def __init__(self, **runs: Run) -> None:
        self.runs = runs

    def get(self, run_id: str) -> Run:
        if run_id not in self.runs:
            raise NotFound(run_id)
        return self.runs[run_id]

    def is_votes_on_lantern(self, dataset: str) -> bool:
        return dataset == "d-0123456789"


@pytest.mark.parametrize(
    ("run", "measure"),
    [
        (learning("r", "lantern:demonstrations"), "suite"),
        (learning("r", "d-b5cee2e5d3"), "own"),
        (learning("r", "d-b5cee2e5d3", base="/models/tiny"), "own"),
        (learning("r", "d-0123456789"), "suite"),
        (learning("r", "d-0123456789", base="/models/tiny"), "own"),
        (learning("r", "run:gone"), "suite"),
        (learning("r", "d-b5cee2e5d3", stage="reward_model"), None),
        (learning("r", "d-b5cee2e5d3", stage="sample"), None),
    ],
)
def test_lanterns_suite_judges_built_in_data_and_held_out_rows_judge_all_other(
    run: Run, measure: str | None
) -> None:
    assert measured_by(run, Home()) == measure


@pytest.mark.parametrize(
    ("data", "measure"), [("d-b5cee2e5d3", "own"), ("d-0123456789", "suite"), ("lantern:prompts", "suite")]
)
def test_rows_that_runs_made_count_as_what_they_were_made_of(data: str, measure: str) -> None:
    runs = {
        "labels": learning("labels", "run:drafts", stage="ai_feedback"),
        "drafts": learning("drafts", data, stage="sample"),
    }
    assert measured_by(learning("r", "run:labels", stage="dpo"), Home(**runs)) == measure


@pytest.mark.parametrize(
    ("sources", "is_lanterns"),
    [
        (("lantern:pool",), True),
        (("comparison:c-1",), True),
        (("comparison:c-1", "comparison:gone"), False),
        (("file:0123456789ab",), False),
        ((), False),
    ],
)
def test_votes_are_on_lantern_where_all_that_was_judged_is(
    tmp_path: Path, sources: tuple[str, ...], is_lanterns: bool
) -> None:
    box = ballot_box(fresh_home(tmp_path), sources=sources)
    compared(box.services.storage, "c-1", 2)
    box.pair("Hello!", "Go away.")
    data = box.services.training_on_votes.prepare(box.name, user="local").dataset
    assert box.services.runs.is_votes_on_lantern(data.id) is is_lanterns
    assert not box.services.runs.is_votes_on_lantern("lantern:preferences")
    box.services.storage.close()

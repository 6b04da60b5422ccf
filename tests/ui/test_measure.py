"""The box of the data step that says how a pipeline is judged, over real services."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rlft_gui.data.built_in import BUILT_IN
from rlft_gui.services import Services, open_services
from rlft_gui.services.runs.measured_by import is_unjudged
from rlft_gui.ui.pages.new.draft import Draft, draft_of
from rlft_gui.ui.pages.new.measure import judged_by, measure_step
from rlft_gui.ui.pages.new.resolved import ResolvedDraft
from rlft_gui.ui.pages.new.review import DATA, problems_of, step_of
from tests.stages.own_files import demonstrations, prompts, stored


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    opened = open_services(tmp_path / "home")
    yield opened
    opened.storage.close()


@pytest.fixture
def files(services: Services, tmp_path: Path) -> dict[str, str]:
    found = {}
    asked = prompts()
    for name, rows in (("towns", demonstrations(asked)), ("asked", [{"prompt": text} for text in asked[:6]])):
        stored(services.home, tmp_path, name, rows)
        found[name] = services.datasets.store(tmp_path / f"{name}.jsonl", f"{name}.jsonl", user="local").id
    services.curating.mark(found["asked"], held_out=True, user="local")
    return found


def draft(files: dict[str, str], **measure: Any) -> Draft:
    return Draft(method="sft", data={"sft": files["towns"]}, settings={"measure": measure})


def test_what_is_marked_is_offered_and_what_is_chosen_goes_into_the_pipeline(
    services: Services, files: dict[str, str]
) -> None:
    resolved = ResolvedDraft(
        services, draft(files, held_out=files["asked"], rewards="length:1-9: 2", judge="base")
    )
    told = measure_step(resolved)
    held_out: Any = told.groups[0].fields[0]
    built_in = [one.id for one in BUILT_IN if one.held_out]
    assert [value for value, _ in held_out.offers] == ["", *built_in, files["asked"]]
    assert held_out.offers[0][1] == "5% of the training prompts, kept out of training"
    assert held_out.offers[-1][1] == "asked.jsonl, 6 rows"
    assert resolved.spec.measure == {"held_out": files["asked"], "rewards": {"length:1-9": 2.0}}
    assert [row.value for row in judged_by(resolved)] == ["asked.jsonl, 6 rows", "length:1-9 × 2"]
    assert told.unjudged == ""
    assert told.kept_out[0].startswith("6 of the 40 rows of towns.jsonl")
    assert ResolvedDraft(services, draft_of(resolved.spec)).spec.measure == resolved.spec.measure


def test_prompts_without_answers_and_without_a_score_are_told_to_be_unjudged(
    services: Services, files: dict[str, str]
) -> None:
    assert measure_step(ResolvedDraft(services, draft(files, held_out=files["asked"]))).unjudged
    assert measure_step(ResolvedDraft(services, draft(files))).unjudged == ""


def test_what_was_chosen_and_is_gone_stays_chosen_and_is_told(
    services: Services, files: dict[str, str]
) -> None:
    """Or the first choice would stand there as if it were chosen, and could not be chosen."""
    services.curating.delete(files["asked"], user="local")
    told = measure_step(ResolvedDraft(services, draft(files, held_out=files["asked"])))
    held_out: Any = told.groups[0].fields[0]
    assert held_out.offers[-1] == (files["asked"], f"{files['asked']}, not offered here")
    assert "There is no dataset" in told.problems["measure"]["held_out"]


def test_what_is_wrong_stands_at_its_field_and_leads_back_to_the_data_step(
    services: Services, files: dict[str, str]
) -> None:
    resolved = ResolvedDraft(services, draft(files, rewards="reward_model: 1"))
    told = measure_step(resolved).problems
    assert told == {"measure": {"reward_model": "Reward model is empty. Name a finished one."}}
    (problem,) = problems_of(resolved)
    assert step_of(problem) == DATA


def test_a_draft_without_a_method_has_nothing_to_judge(services: Services) -> None:
    told = measure_step(ResolvedDraft(services, Draft()))
    assert (told.groups, told.unjudged, told.kept_out) == ((), "", ())


@pytest.mark.parametrize(
    ("measure", "metrics", "unjudged"),
    [
        ("own", ("loss", "held/length", "held/kl", "probe/gold"), True),
        ("own", ("loss", "held/length", "held/reward/judge"), False),
        ("own", ("loss", "eval/loss"), False),
        ("own", ("held/length",), False),
        ("own", ("loss", "reward/mean", "probe/length"), False),
        ("suite", ("loss", "probe/gold"), False),
        (None, ("loss",), False),
    ],
)
def test_a_run_is_unjudged_once_its_first_look_is_over_and_told_nothing(
    measure: Any, metrics: tuple[str, ...], unjudged: bool
) -> None:
    assert is_unjudged(measure, metrics) == unjudged

"""Which checkpoints somebody named."""

from pathlib import Path
from typing import Any

import pytest

from rlft_gui.domain.comparison import Pane
from rlft_gui.domain.recipe import PipelineSpec
from rlft_gui.training.models import checkpoints
from tests.services.pipelines.test_launching import DATA, Case
from tests.storage.test_comparisons import a_comparison


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return Case(tmp_path)


def launched(case: Case, start: str, **settings: Any) -> None:
    spec = PipelineSpec(method="sft", start_from=start, stages={"sft": {**DATA["sft"], **settings}})
    case.launching.launch(spec, launch_id=f"from {start}", user="local")


def test_what_a_run_continues_is_named_and_its_trainer_has_word(case: Case) -> None:
    source = case.finished(10, 20, 30)
    assert case.storage.checkpoints.named() == {}
    launched(case, f"{source}@20")
    assert case.storage.checkpoints.named() == {source: {20}}
    assert checkpoints.named_steps(case.home.run(source)) == {20}


def test_a_comparison_and_what_wrote_its_answers_are_named(case: Case) -> None:
    source = case.finished(10, 20, 30)
    asked = a_comparison()
    pane = Pane(model=f"{source}@10", title="Step 10")
    wrote = asked.generations[0].model_copy(update={"checkpoint": f"{source}@30"})
    case.storage.comparisons.add(
        asked.model_copy(update={"panes": (pane, pane), "generations": (wrote, *asked.generations[1:])})
    )
    assert case.storage.checkpoints.named(source) == {source: {10, 30}}
    assert case.storage.checkpoints.named("sft-other") == {}


def test_an_address_and_another_run_with_a_longer_name_are_no_checkpoints(case: Case) -> None:
    source = case.finished(10)
    asked = a_comparison()
    panes = tuple(Pane(model=name, title="x") for name in ("endpoint:m@http://a@10", f"old-{source}@10"))
    case.storage.comparisons.add(asked.model_copy(update={"panes": panes}))
    assert case.storage.checkpoints.named(source) == {}


def test_rows_of_checkpoints_that_go_are_forgotten(case: Case) -> None:
    source = case.finished(10, 20)
    case.storage.checkpoints.forget(source, [10])  # no row of it: nothing happens
    assert case.storage.reports.checkpoints(source) == ()

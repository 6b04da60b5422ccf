"""A home that version 0.2.0 wrote opens as it is, and everything in it is found.

The archive was made with that version: an uploaded dataset, a run of SFT on it, a pipeline that imitates the better of
two answers, and a comparison. Weights and optimisers are left out, for they are large and nothing here loads them.
"""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from rlft_gui.domain.comparison import GenerationStatus
from rlft_gui.domain.status import RunStatus
from rlft_gui.services import Services, open_services
from rlft_gui.services.runs.outputs import output_of
from rlft_gui.stages import describe

ARCHIVE = Path(__file__).parent / "fixtures/home-0.2.0.tar.gz"
COLOURS, BEST, IMITATED = "sft-bbet52", "best_of_n-rn8bhg", "sft-4vadys"
UPLOADED = "d-3fedf17b8c"
PROMPT = "Name the colour number 1."


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    folder = tmp_path_factory.mktemp("home")
    subprocess.run(
        ["tar", "-xzf", ARCHIVE, "-C", folder], check=True
    )  # tarfile's filter came with Python 3.11.4
    opened = open_services(folder)
    yield opened
    opened.storage.close()


def test_its_runs_are_there_with_what_they_left(services: Services) -> None:
    found = services.runs.list()
    assert [(run.id, output_of(run)) for run in found] == [
        (IMITATED, "policy"),
        (BEST, "rows"),
        (COLOURS, "policy"),
    ]
    assert {run.status for run in found} == {RunStatus.SUCCEEDED}
    assert [each.step for each in services.runs.checkpoints(COLOURS)] == [4]
    assert services.runs.alarms(BEST)[0].name == "gold_reward"


def test_every_metric_of_its_curves_is_described(services: Services) -> None:
    losses = services.runs.metrics(COLOURS)["loss"]
    assert [point.step for point in losses] == [1, 2, 3, 4]
    assert losses[0].value == pytest.approx(7.767, abs=0.001)
    names = [name for run in services.runs.list() for name in services.runs.metrics(run.id)]
    assert {"made/rows", "probe/gold", "probe/kind/known"} <= set(names)
    assert all(describe(name).title for name in names)


def test_its_samples_are_read(services: Services) -> None:
    samples = services.runs.samples(COLOURS)
    assert {sample.step for sample in samples} == {0, 4}
    assert all(sample.completion for sample in samples)


def test_its_comparison_is_read(services: Services) -> None:
    (comparison,) = services.comparing.list()
    assert comparison.prompts == (PROMPT,)
    assert [pane.model for pane in comparison.panes] == ["base", COLOURS]
    assert [answer.status for answer in comparison.generations] == [GenerationStatus.DONE] * 2
    assert all(answer.text for answer in comparison.generations)


def test_its_uploaded_rows_are_what_was_stored(services: Services) -> None:
    info = services.datasets.get(UPLOADED)
    assert (info.name, info.rows) == ("colours.jsonl", 16)
    assert services.datasets.preview(UPLOADED, 1)[0]["prompt"][0]["content"] == PROMPT


def test_its_generated_rows_are_read_with_how_they_came_about(services: Services) -> None:
    page = services.reviewing.rows(BEST)
    assert [row.number for row in page.rows] == [1, 2, 3]
    assert set(page.rows[0].row["made"]) == {"reward", "rewards of the others"}
    assert services.datasets.get(f"run:{BEST}").rows == 3


def test_a_copy_of_its_run_can_be_launched(services: Services) -> None:
    again = services.runs.clone(IMITATED)
    assert services.launching.check(again) == ()

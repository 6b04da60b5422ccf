"""Where the toys must be found. Run by tests/stages/test_one_file.py, in a process that has them."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from rlft_gui.cli import app
from rlft_gui.domain.recipe import PipelineSpec
from rlft_gui.services import open_services
from rlft_gui.ui.components.curves import KNOWN_METRICS
from rlft_gui.ui.looks import looks_tags
from rlft_gui.ui.pages.new.draft import Draft
from rlft_gui.ui.pages.new.method import _unfold, show_method
from rlft_gui.ui.pages.new.payloads import MethodChoice
from rlft_gui.ui.pages.new.resolved import ResolvedDraft
from rlft_gui.ui.pages.new.settings import settings_step
from tests.readme import table

PIPELINE = """
method: toy
stages:
  toy: {data: "lantern:demonstrations", learning_rate: 9}
"""


def test_the_wizard_offers_the_method_and_the_stages_settings(tmp_path: Path) -> None:
    cards = json.loads(str(show_method(Draft())))["methods"]
    assert {"name": "toy", "palette": "toy"}.items() <= cards[-1].items()
    plan = _unfold(MethodChoice(method="toy")).plan
    assert plan is not None
    assert [stage.title for stage in plan.stages] == ["SFT", "Toy"]
    groups = settings_step(ResolvedDraft(open_services(tmp_path), Draft(method="toy"))).groups
    assert "learning_rate" in {
        field.name for group in groups if group.name == "toy" for field in group.fields
    }


def test_the_command_line_judges_its_settings(tmp_path: Path) -> None:
    file = tmp_path / "toy.yaml"
    file.write_text(PIPELINE)
    done = CliRunner().invoke(app, ["train", str(file), "--home", str(tmp_path / "home")])
    assert done.exit_code == 2
    assert done.stderr.startswith("stages.toy.learning_rate: Learning rate 9 is far outside")


def test_a_launch_queues_its_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    services = open_services(tmp_path)
    monkeypatch.setattr(services.launching, "ensure_keeper", lambda: None)
    stages = {"toy": {"data": "lantern:demonstrations"}}
    launched = services.launching.launch(
        PipelineSpec(method="toy", stages=stages), launch_id="one", user="local"
    )
    assert [run.stage for run in launched.runs] == ["toy"]


def test_charts_know_its_metric_and_panel() -> None:
    letters, loss = KNOWN_METRICS["toy/letters"], KNOWN_METRICS["loss"]
    assert (letters.title, letters.panel) == ("Letters", "Toys")
    assert letters.place < loss.place


def test_pages_know_its_look() -> None:
    assert "#7A5C00" in looks_tags()
    assert "#E0B84C" in looks_tags()


def test_readme_tells_of_it() -> None:
    assert "| Toy | SFT → toy |" in table()

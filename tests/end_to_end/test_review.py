"""A pipeline that pauses: rows that the model made are read, one is rewritten, one dropped, and the next stage learns
from what is left."""

import json
import re
from pathlib import Path

import pytest
import yaml
from playwright.sync_api import Page, expect

from rlft_gui.data.rows import load_rows
from rlft_gui.domain.home import Home
from tests.end_to_end.pages import wait_for_status
from tests.end_to_end.running import RunningApp

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

ROWS = 8
BETTER = "Read good books <b>and</b> write every day. ${1}"


@pytest.fixture(scope="module")
def launched(app: RunningApp, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Run ids by stage of a Constitutional AI pipeline without its second phase."""
    making = {"data": "lantern:prompts", "prompts": ROWS, "constitution": "lantern", "max_new_tokens": 32}
    training = {"learning_rate": 1e-3, "max_steps": 2, "eval_share": 0, "probe_every": 2, "probe_prompts": 8}
    spec = {
        "title": "Polite",
        "method": "constitutional",
        "review": True,
        "options": {"second_phase": "none"},
        "stages": {"critique_revision": making, "sft": training},
    }
    file: Path = tmp_path_factory.mktemp("spec") / "polite.yaml"
    file.write_text(yaml.safe_dump(spec))
    runs = app.rlft("train", str(file), "--detach", "--json")["runs"]
    return {run["stage"]: run["id"] for run in runs}


def test_rows_are_edited_dropped_let_pass_and_learnt_from(
    app: RunningApp, launched: dict[str, str], page: Page
) -> None:
    maker, learner = launched["critique_revision"], launched["sft"]
    page.goto(f"/run?run={maker}")
    wait_for_status(page, "Succeeded")
    page.get_by_text(f"{ROWS} rows wait for you").wait_for()
    first, second = page.locator("[data-row='1']"), page.locator("[data-row='2']")

    first.get_by_role("button", name="Edit").click()
    first.locator("textarea").fill(BETTER)
    first.get_by_role("button", name="Save").click()
    first.get_by_text("Edited", exact=True).wait_for()
    expect(first).to_contain_text(BETTER)
    second.get_by_role("button", name="Drop").click()
    second.get_by_text("Dropped", exact=True).wait_for()
    page.get_by_text(f"{ROWS - 1} rows wait for you").wait_for()

    page.reload()
    page.get_by_text(f"{ROWS - 1} rows wait for you").wait_for()
    page.get_by_role("button", name="Let them pass").click()
    beside = page.context.new_page()
    beside.goto(f"/run?run={learner}")
    wait_for_status(beside, "Succeeded")
    beside.close()

    expect(page.get_by_text("took these rows when it began")).to_be_visible()
    expect(page.get_by_role("button", name="Edit")).to_have_count(0)
    expect(page.get_by_role("button", name="Let them pass")).to_have_count(0)

    recipe = json.loads((app.home / "runs" / learner / "recipe.json").read_text())
    rows = load_rows(Home(app.home), recipe["settings"]["data"])
    assert len(rows) == ROWS - 1
    assert rows[0]["completion"] == [{"role": "assistant", "content": BETTER}]
    log = (app.home / "runs" / learner / "worker.log").read_text()
    assert f"training rows {ROWS - 1}" in log


def test_the_lineage_leads_from_the_learner_back_to_the_rows(launched: dict[str, str], page: Page) -> None:
    page.goto(f"/run?run={launched['sft']}")
    lineage = page.get_by_role("navigation", name="Lineage")
    expect(lineage).to_contain_text("takes rows from Critique and revision")
    lineage.get_by_role("link", name=re.compile("Critique and revision")).first.click()
    page.wait_for_url(re.compile(launched["critique_revision"]))
    page.locator("[data-row='1']").wait_for()

"""Own data with held-out prompts of its own: nothing judges them, a person chooses what does, and the run shows it."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.end_to_end.pages import field, go_on, open_wizard, wait_for_status, wait_for_step
from tests.end_to_end.running import RunningApp
from tests.stages.own_files import demonstrations, prompts

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


def test_where_nothing_knows_what_is_right_a_person_chooses_a_judge(
    app: RunningApp, page: Page, tmp_path: Path
) -> None:
    asked = prompts()
    for name, rows in (
        ("towns", demonstrations(asked)),
        ("questions", [{"prompt": text} for text in asked[:6]]),
    ):
        file = tmp_path / f"{name}.jsonl"
        file.write_text("".join(json.dumps(row) + "\n" for row in rows))
        app.rlft("data", "add", str(file))

    page.goto("/data")
    page.get_by_role("link", name="questions.jsonl").click()
    page.get_by_role("button", name="Keep as held-out prompts").click()
    expect(page.get_by_text("nothing is trained on it", exact=False)).to_be_visible()

    towns = next(info["id"] for info in app.rlft("data", "list", "--json") if info["name"] == "towns.jsonl")
    spec = tmp_path / "towns.yaml"
    spec.write_text(
        "title: Towns\nmethod: sft\nstages:\n"
        f"  sft: {{data: {towns}, max_steps: 2, probe_prompts: 8, learning_rate: 0.001}}\n"
    )
    launched = app.rlft("train", str(spec), "--held-out", "questions.jsonl", "--json")
    page.goto(f"/run?run={launched['runs'][0]['id']}")
    wait_for_status(page, "Succeeded")
    notice = page.locator("#alarms")
    expect(notice).to_contain_text("Nothing here knows what is right")

    notice.get_by_role("link", name="Run again with a judge").click()
    wait_for_step(page, 3)
    box = page.locator("#measure")
    expect(box).to_contain_text("No judge yet")
    expect(box).to_contain_text(
        "6 of the 40 rows of towns.jsonl have their prompts among the held-out prompts"
    )
    expect(box.locator("#measure-held-out option:checked")).to_have_text(
        re.compile(r"questions\.jsonl, 6 rows")
    )
    page.locator("#measure-rewards").get_by_text("As text").click()
    field(page, "measure-rewards").fill("length:1-9: 1")
    field(page, "measure-rewards").press("Tab")
    expect(box).not_to_contain_text("No judge yet")

    go_on(page, 3)
    go_on(page, 4)
    review = page.locator("#review")
    expect(review).to_contain_text("How it is judged: held-out prompts questions.jsonl, 6 rows")
    expect(review).to_contain_text("answers are scored by length:1-9 × 1")
    expect(page.locator("#recipe")).to_contain_text("length:1-9")
    page.locator("#launch").click()
    page.wait_for_url(re.compile(r"/run\?run=sft-"))
    wait_for_status(page, "Succeeded")
    expect(page.locator("#curves")).to_contain_text("Scored by length:1-9")
    expect(page.locator("#alarms")).not_to_contain_text("Nothing here knows")


def test_a_wrong_measure_is_told_on_the_data_step(page: Page) -> None:
    open_wizard(page, "/new?preset=lantern-sft")
    page.locator("#back-5").click()
    page.locator("#back-4").click()
    wait_for_step(page, 3)
    expect(page.locator("#measure-held-out option:checked")).to_contain_text("of the training prompts")
    page.locator("#measure-rewards").get_by_text("As text").click()
    field(page, "measure-rewards").fill("lenght:1-9: 1")
    field(page, "measure-rewards").press("Tab")
    expect(page.locator("#measure-rewards .rl-err")).to_contain_text('There is no reward "lenght:1-9"')

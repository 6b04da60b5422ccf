"""The wizard: a wrong setting explained inline, a draft that survives a refresh, and a file that becomes a model."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.end_to_end.pages import field, go_on, open_wizard, wait_for_status, wait_for_step
from tests.end_to_end.running import RunningApp

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

CAPITALS = {"Spain": "Madrid", "Peru": "Lima", "Japan": "Tokyo", "Norway": "Oslo", "Italy": "Rome"}


@pytest.fixture
def alpaca_file(tmp_path: Path) -> Path:
    """Forty usable rows, one without an answer, and one that would be markup if anything took it for such."""
    rows = [
        {
            "instruction": f"{number}. What is the capital of {country}?",
            "input": "",
            "output": f"It is {city}.",
            "topic": "geography",
        }
        for number in range(8)
        for country, city in CAPITALS.items()
    ]
    rows[0]["output"] = "It is <img src=x onerror=alert(1)> ${Madrid} {{Madrid}}."
    rows.append({"instruction": "What is the capital of Veloria?", "input": "", "output": ""})
    file = tmp_path / "capitals.json"
    file.write_text(json.dumps(rows))
    return file


def test_a_wrong_setting_is_explained_where_it_stands(app: RunningApp, page: Page) -> None:
    open_wizard(page, "/new?preset=lantern-dpo")
    page.locator("#back-5").click()
    wait_for_step(page, 4)
    field(page, "dpo-learning-rate").fill("2")
    field(page, "dpo-learning-rate").press("Tab")
    sentence = page.locator("#dpo-learning-rate .rl-err")
    expect(sentence).to_have_text(
        re.compile("Learning rate 2 is (far )?outside .+ For DPO on Lantern take .+")
    )
    assert page.locator("#settings .rl-err:not(:empty)").count() == 1
    page.locator("#next-4").click()
    expect(sentence).to_be_visible()
    wait_for_step(page, 4)
    assert app.rlft("runs", "--json") == [], "nothing was launched"

    field(page, "dpo-learning-rate").fill("0.0001")
    go_on(page, 4)
    expect(page.locator("#review")).to_contain_text("Learning rate 0.0001")
    expect(page.locator("#recipe")).to_contain_text("learning_rate: 0.0001")


def test_the_review_tells_what_each_stage_needs_and_opens_to_its_parts(page: Page) -> None:
    open_wizard(page, "/new?preset=lantern-dpo")
    stages = page.locator(".rl-estimates > li")
    expect(stages).to_have_count(2, timeout=60_000)
    expect(stages.first).to_contain_text(re.compile(r"SFT\s+0\.\d of \d+(\.\d)? GB\s+(fits|tight)"))
    expect(stages.first.locator(".rl-dl")).not_to_be_visible()
    stages.first.locator("summary").click()
    expect(stages.first.locator(".rl-dl")).to_contain_text("The process itself")
    expect(page.locator("#estimate")).to_contain_text(re.compile(r"known once|in all"))


def test_a_draft_survives_a_refresh_in_every_step(page: Page) -> None:
    open_wizard(page, "/new?fresh=1")
    go_on(page, 1)
    page.locator("input[value=dpo]").check()
    page.reload()
    wait_for_step(page, 2)
    expect(page.locator("input[value=dpo]")).to_be_checked()
    assert page.url.endswith("/new?method=dpo&step=2") or page.url.endswith("/new?step=2&method=dpo")

    go_on(page, 2)
    go_on(page, 3)
    field(page, "dpo-beta").fill("0.3")
    field(page, "pipeline-title").fill("Firm beta")
    page.reload()
    wait_for_step(page, 4)
    expect(field(page, "dpo-beta")).to_have_value("0.3")
    expect(field(page, "pipeline-title")).to_have_value("Firm beta")

    go_on(page, 4)
    page.reload()
    wait_for_step(page, 5)
    expect(page.locator("#recipe")).to_contain_text("beta: 0.3")
    expect(page.locator("#steps .stepper-container")).to_contain_text("1 changed")


def test_a_model_that_is_none_is_explained_where_it_is_named(page: Page, tmp_path: Path) -> None:
    open_wizard(page, "/new?fresh=1")
    page.get_by_text("A model in a folder on this machine").click()
    field(page, "folder").fill(str(tmp_path))
    page.locator("#next-1").click()
    expect(page.locator("#folder div.validation-error")).to_contain_text(str(tmp_path.name))


def test_an_uploaded_file_becomes_a_trained_model(app: RunningApp, page: Page, alpaca_file: Path) -> None:
    open_wizard(page, "/new?fresh=1")
    go_on(page, 1)
    page.locator("input[value=sft]").check()
    go_on(page, 2)

    wrong = alpaca_file.with_name("wrong.json")
    wrong.write_text('[{"question": "Who?", "reply": "Nobody."}]')
    preview = page.locator("#preview-1")
    page.locator("#file-1 input[type=file]").set_input_files(wrong)
    expect(preview).to_contain_text("wrong.json was not stored")

    page.locator("#file-1 input[type=file]").set_input_files(alpaca_file)
    expect(preview).to_contain_text("40 rows to learn from, 1 of 41 dropped.")
    expect(preview).to_contain_text("alpaca")
    expect(preview).to_contain_text("Columns not read: topic.")
    assert preview.locator(".rl-examples li").count() == 5
    expect(preview).to_contain_text("It is <img src=x onerror=alert(1)> ${Madrid} {{Madrid}}.")
    go_on(page, 3)

    field(page, "pipeline-title").fill("Capitals")
    page.locator("#sft-advanced > summary").click()
    field(page, "sft-max-steps").fill("4")
    field(page, "sft-probe-prompts").fill("8")
    go_on(page, 4)
    expect(page.locator("#review")).to_contain_text("capitals.json")
    page.locator("#launch").dblclick()
    page.wait_for_url(re.compile(r"/run\?run=sft-"))
    wait_for_status(page, "Succeeded")
    expect(page.get_by_text("41 read, ", exact=False)).to_contain_text("trained on")
    expect(page.get_by_text("1: the answer is empty", exact=True)).to_be_visible()

    (run,) = app.rlft("runs", "--json")
    assert (run["stage"], run["status"]) == ("sft", "succeeded"), "a double click is one launch"
    open_wizard(page)
    expect(page.locator("#steps .stepper-container")).not_to_contain_text("SFT")


def test_rlhf_by_another_optimiser_with_two_rewards(app: RunningApp, page: Page) -> None:
    open_wizard(page, "/new?fresh=1")
    go_on(page, 1)
    page.locator("input[value=rlhf]").check()
    method = page.locator("#method")
    expect(method).to_contain_text("RLHF: three stages")
    page.locator("#option-optimizer").get_by_text("GRPO", exact=True).click()
    expect(method.locator(".rl-plan > li").nth(2)).to_contain_text("GRPO")
    expect(method.locator(".rl-plan > li").nth(2)).to_contain_text("is scored by 2. Reward model")
    page.locator("#with-sft").uncheck()
    expect(method).to_contain_text("RLHF: two stages")
    go_on(page, 2)
    for stage in ("reward_model", "grpo"):
        choose_data(page, stage, "Lantern preferences")
    go_on(page, 3)

    expect(page.locator("#grpo-reward-model")).to_contain_text("This pipeline trains its own.")
    expect(page.locator("#grpo-judge")).to_be_hidden()
    rewards = page.locator("#grpo-rewards")
    rewards.get_by_text("Add a term").click()
    rewards.get_by_role("button", name="Length").click()
    rewards.get_by_label("Fewest words").fill("70")
    rewards.get_by_label("Weight of Length").fill("0.2")
    rewards.get_by_label("Weight of Length").press("Tab")
    expect(rewards.locator(".rl-err")).to_contain_text("A length is FEWEST-MOST words")
    expect(rewards.get_by_label("Rewards, as text")).to_have_value("reward_model: 1\nlength:70-60: 0.2")
    rewards.get_by_label("Rewards, as text").fill("reward_model: 1\nlength:5-60: 0.2")
    expect(rewards.get_by_label("Fewest words")).to_have_value("5")
    for stage in ("reward-model", "grpo"):
        make_tiny(page, stage)
    page.reload()
    wait_for_step(page, 4)
    expect(page.locator("#grpo-rewards").get_by_label("Weight of Length")).to_have_value("0.2")
    go_on(page, 4)
    expect(page.locator("#review")).to_contain_text("reward_model × 1, length:5-60 × 0.2")
    expect(page.locator("#recipe")).to_contain_text("optimizer: grpo")
    page.locator("#launch").click()
    page.wait_for_url(re.compile(r"/run\?run=reward_model-"))
    stages = [run["stage"] for run in app.rlft("runs", "--json")]
    assert {"reward_model", "grpo"} <= set(stages)
    wait_for_status(page, "Succeeded")


def test_constitutional_ai_by_a_constitution_of_ones_own(app: RunningApp, page: Page) -> None:
    open_wizard(page, "/new?fresh=1")
    go_on(page, 1)
    page.locator("input[value=constitutional]").check()
    page.locator("#option-second-phase").get_by_text("None", exact=True).click()
    expect(page.locator("#method")).to_contain_text("Constitutional AI: two stages")
    page.locator("#review-rows").check()
    go_on(page, 2)
    choose_data(page, "critique_revision", "Lantern preferences")
    go_on(page, 3)

    page.locator("#critique-revision-constitution select").select_option("Lantern's rules")
    page.locator("#critique-revision-constitution summary").click()
    text = page.locator("#critique-revision-constitution textarea")
    templates = text.input_value().partition("principles:")[0]
    text.fill(f"{templates}principles: []\n")
    page.locator("#next-4").click()
    sentence = page.locator("#critique-revision-constitution .rl-err")
    expect(sentence).to_contain_text("has no principle")
    wait_for_step(page, 4)
    text.fill(f"{templates}principles:\n  - name: be kind\n    text: be kind\n")
    field(page, "critique-revision-prompts").fill("4")
    field(page, "critique-revision-max-new-tokens").fill("24")
    make_tiny(page, "sft")
    go_on(page, 4)
    expect(page.locator("#review")).to_contain_text("constitution Lantern's rules, edited")
    expect(page.locator("#review")).to_contain_text("After every stage that makes rows")
    expect(page.locator("#recipe")).to_contain_text("name: be kind")
    page.locator("#launch").click()
    page.wait_for_url(re.compile(r"/run\?run=critique_revision-"))
    wait_for_status(page, "Succeeded")
    assert app.rlft("runs", "--json")[0]["stage"] == "sft"


def choose_data(page: Page, stage: str, name: str) -> None:
    box = page.locator(f".rl-data:has([data-stage={stage}])")
    box.locator("[id^=data-] input").click()
    page.get_by_role("option", name=re.compile(name)).last.click()  # a list before may still be closing
    expect(box.locator("[id^=preview-]")).to_contain_text(name)


def make_tiny(page: Page, stage: str) -> None:
    """Two steps and the fewest probe prompts, as far as the stage has such fields."""
    page.locator(f"#{stage}-advanced > summary").click()
    for name in ("max-steps", "steps"):
        if page.locator(f"#{stage}-{name}").count():
            field(page, f"{stage}-{name}").fill("2")
    field(page, f"{stage}-probe-prompts").fill("8")

"""The page of answers in a browser, over a fake world: a batch is launched, its table read, its rows opened in panes."""

import re
from urllib.parse import parse_qs, urlparse

import pytest
from playwright.sync_api import Page, expect

from rlft_gui.domain.status import RunStatus
from tests.ui.fakes import make_run
from tests.ui.fakes_new import NewWorld
from tests.ui.visiting import Visit

pytestmark = pytest.mark.slow

COLUMNS = "/answers?columns=batch-gone:base batch-gone:tour-sft@80"


def ready(page: Page) -> Page:
    page.locator(".rl-answers[data-ready]").wait_for()
    return page


def asked(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlparse(page.url).query)


def test_a_batch_is_launched_with_a_suite_that_is_written_and_its_table_fills(
    visit: Visit, world: NewWorld
) -> None:
    world.batching.launched.clear()
    page = visit.open("/compare")
    page.get_by_role("link", name="Answers", exact=True).click()
    page.get_by_role("button", name="Write prompts").click()
    page.get_by_label("Name of the suite").fill("Mine")
    page.get_by_role("button", name="Keep as a suite").click()
    expect(page.get_by_text("There is no prompt yet. Write one a line.")).to_be_visible()
    page.get_by_label("Prompts, one a line").fill("Why?\nWho?\nWhy?")
    page.get_by_role("button", name="Keep as a suite").click()
    expect(page.get_by_label("Suite", exact=True)).to_have_value("d-0123456789")
    expect(page.get_by_text("One prompt stood there twice and is kept once.")).to_be_visible()
    page.get_by_label("Add a model").select_option(label="Lantern SFT, then DPO · SFT, step 80")
    page.get_by_label("Seeds", exact=True).fill("2")
    expect(page.get_by_text("8 answers")).to_be_visible()
    page.get_by_text("System prompt and scores").click()
    page.get_by_label("Score answers by a reward model").select_option(
        label="Manners · Reward model, on Lantern"
    )
    page.get_by_role("button", name="Start batch").click()

    expect(page.get_by_text("45 of 90 answers")).to_be_visible()
    (spec,) = world.batching.launched
    assert (spec.models, spec.suite, spec.settings["seeds"]) == (("base", "tour-sft@80"), "d-0123456789", "2")
    assert spec.measure == {"rewards": {"reward_model": 1.0}, "reward_model": "rm"}
    assert asked(page) == {"batch": ["batch-new"]}
    expect(page.locator(".rl-answers-t tbody tr")).to_have_count(20)
    page.reload()
    expect(ready(page).locator(".rl-answers-t tbody tr")).to_have_count(20)


def test_without_a_model_the_form_says_so_and_nothing_starts(visit: Visit, world: NewWorld) -> None:
    world.batching.launched.clear()
    page = ready(visit.open(f"{COLUMNS}&new=1"))
    page.get_by_role("button", name="Remove Base").click()
    page.get_by_role("button", name="Start batch").click()
    expect(page.get_by_text("Choose at least one model")).to_be_visible()
    assert world.batching.launched == []


def test_counts_filter_the_baseline_is_pinned_and_the_address_keeps_it(visit: Visit) -> None:
    page = ready(visit.open(COLUMNS))
    head = page.locator("thead")
    head.get_by_role("button", name="29 wins").click()
    expect(page.locator(".rl-pager")).to_contain_text("1 to 20 of 29 prompts")
    page.get_by_role("button", name="Next").click()
    expect(page.locator(".rl-answers-t tbody tr")).to_have_count(9)
    assert (asked(page)["result"], asked(page)["from"]) == (["win"], ["20"])
    page.reload()
    expect(ready(page).locator(".rl-answers-t tbody tr")).to_have_count(9)

    head.get_by_role("button", name="29 wins").click()
    page.get_by_label("Kind").select_option("known")
    expect(page.locator(".rl-pager")).to_contain_text("of 22 prompts")
    head.get_by_role("button", name="Pin as baseline").click()
    assert asked(page)["baseline"] == ["batch-gone:tour-sft@80"]
    expect(head.get_by_role("button", name="29 losses")).to_be_visible()


def test_a_failed_answer_says_why_and_the_worst_loss_comes_first(visit: Visit) -> None:
    page = ready(visit.open(f"{COLUMNS}&sort=loss"))
    first = page.locator(".rl-answers-t tbody tr").first
    expect(first).to_contain_text("−2.00")
    page.get_by_label("Find in prompts and answers").fill("country 7?")
    expect(page.get_by_text("A prompt has 900 tokens").first).to_be_visible()


def test_a_click_opens_the_panes_with_the_very_answers(visit: Visit, world: NewWorld) -> None:
    page = ready(visit.open(COLUMNS))
    page.get_by_role("button", name="Open in panes").nth(1).click()
    page.wait_for_url(re.compile("/compare"))
    page.locator(".rl-compare[data-ready]").wait_for()
    panes = page.locator(".rl-pane")
    expect(panes).to_have_count(2)
    expect(panes.first).to_contain_text("I do not know that, and nobody does.")
    expect(panes.last).to_contain_text("The capital is City 1.")
    (kept,) = world.comparing.comparisons.values()
    assert asked(page)["comparison"] == [kept.id]
    assert [pane.model for pane in kept.panes] == ["base", "tour-sft@80"]
    assert [one.scores for one in kept.generations] == [{"gold": -1.0}, {"gold": 1.0}]


def test_a_probe_is_a_column_whose_step_is_picked(visit: Visit) -> None:
    page = ready(visit.open("/answers?columns=probe:tour-sft probe:tour-dpo@40"))
    expect(page.locator(".rl-answers-t tbody tr").first).to_contain_text("tour-sft at step 80")
    page.locator("thead").get_by_label("Step of Lantern SFT, then DPO · SFT").select_option("0")
    expect(page.locator(".rl-answers-t tbody tr").first).to_contain_text("tour-sft at step 0")
    assert asked(page)["columns"] == ["probe:tour-sft@0 probe:tour-dpo@40"]


def batch(world: NewWorld, name: str, title: str, status: RunStatus, *models: str) -> None:
    run = make_run(name, stage="batch", method="batch", title=title, status=status)
    settings = {"models": list(models), "seeds": 1, "temperature": 0.7, "top_p": 1.0, "max_new_tokens": 128}
    recipe = run.recipe.model_copy(update={"settings": settings})
    reason = 'Waits behind "Capitals · Batch".' if status is RunStatus.QUEUED else None
    world.runs.add(
        run.model_copy(update={"recipe": recipe, "total_steps": None, "step": 0, "reason": reason})
    )


def test_batches_are_told_apart_and_the_address_names_the_one_that_is_shown(
    visit: Visit, world: NewWorld
) -> None:
    batch(world, "batch-old", "Capitals", RunStatus.SUCCEEDED, "base")
    batch(world, "batch-late", "Manners", RunStatus.QUEUED, "base", "tour-sft@80")
    page = ready(visit.open("/answers?batch=batch-old"))
    choice = page.get_by_label("Batch", exact=True)
    expect(choice).to_have_value("batch-old")
    expect(choice).to_contain_text(re.compile(r"Manners · Batch, 2 models, .*, queued"))
    added = page.get_by_label("Add a column")
    expect(added).to_contain_text("Base, Lantern (Manners · Batch, batch-late)")
    expect(added).to_contain_text("Lantern SFT, then DPO · SFT (probe)")
    choice.select_option("batch-late")
    expect(page.get_by_text('queued: 0 of 63 answers. Waits behind "Capitals · Batch".')).to_be_visible()
    assert asked(page) == {"batch": ["batch-late"]}
    page.goto(page.url.partition("?")[0])
    expect(ready(page).get_by_label("Batch", exact=True)).not_to_have_value("")
    assert len(asked(page)["batch"]) == 1
    expect(page.get_by_role("navigation", name="Pages").locator("[aria-current]")).to_have_text("Compare")


def test_columns_say_how_they_were_drawn_and_that_their_means_do_not_compare(
    visit: Visit, world: NewWorld
) -> None:
    batch(world, "batch-old", "Capitals", RunStatus.SUCCEEDED, "base", "tour-sft@80")
    page = ready(visit.open("/answers?columns=batch-old:tour-sft@80 probe:tour-sft@80"))
    head = page.locator(".rl-answers-t thead")
    expect(head).to_contain_text("of 45 prompts")
    expect(head).to_contain_text("temperature 0.7, at most 128 tokens, seed 0")
    expect(head).to_contain_text("temperature 1, at most 64 tokens, seed 0")
    told = page.get_by_text("drawn differently (temperature, longest answer), so their means do not compare.")
    expect(told).to_be_visible()
    ready(visit.open("/answers?batch=batch-old"))
    expect(page.locator(".rl-answers-t thead")).to_contain_text("temperature 0.7")
    expect(page.locator(".rl-apart")).to_have_count(0)


@pytest.mark.parametrize("visit", [390], indirect=True)
def test_on_a_phone_rows_are_compact_and_a_long_answer_opens(visit: Visit) -> None:
    page = ready(visit.open(COLUMNS))
    expect(page.locator(".rl-answers-t tbody tr")).to_have_count(20)
    tall = page.locator(".rl-answers-t tbody").evaluate("node => node.offsetHeight")
    assert tall < 20 * 230, "a row of two answers takes some 215 pixels"
    row = page.locator("#row-known-04")
    before = row.evaluate("node => node.offsetHeight")
    assert before < 330
    row.get_by_role("button", name="Show all of it").click()
    assert row.evaluate("node => node.offsetHeight") > before + 400

"""From votes to a trained model: one address opens the wizard on a set of votes, and the run says that it learnt from them."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.end_to_end.pages import field, go_on, open_wizard, wait_for_status, wait_for_step
from tests.end_to_end.running import RunningApp

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


def test_votes_are_trained_on_and_the_run_says_so(app: RunningApp, page: Page) -> None:
    app.rlft("votes", "simulate", "--n", "60", "--votes", "week 1", "--pool", "--json")
    open_wizard(page, "/new?votes=week%201&method=dpo")
    wait_for_step(page, 3)
    notice = page.locator(".rl-wizard .rl-note")
    expect(notice).to_contain_text("60 votes of week 1 gave")
    expect(notice).to_contain_text("rows are few")
    expect(page.locator("#preview-2")).to_contain_text("made of votes")
    expect(page).to_have_url(re.compile(r"/new\?(method=dpo&step=3|step=3&method=dpo)$"))

    go_on(page, 3)
    for stage in ("sft", "dpo"):
        page.locator(f"#{stage}-advanced > summary").click()
        field(page, f"{stage}-max-steps").fill("2")
        field(page, f"{stage}-probe-prompts").fill("8")
    go_on(page, 4)
    page.locator("#launch").click()
    page.wait_for_url(re.compile(r"/run\?run="))
    votes = page.locator("rl-lineage").get_by_role("link", name=re.compile(r"week 1, 60 votes"))
    expect(votes).to_have_attribute("href", "/ratings?votes=week+1")

    page.locator("rl-lineage a.rl-node", has_text="DPO").click()
    wait_for_status(page, "Succeeded")
    dataset = page.locator("rl-lineage").get_by_text("DPO learns from votes")
    expect(dataset).to_be_visible()


def test_a_set_that_is_not_there_is_told_on_the_first_step(page: Page) -> None:
    open_wizard(page, "/new?votes=nobody")
    expect(page.locator(".rl-wizard .rl-note.bad")).to_contain_text("no set of votes")

"""The first two minutes of a stranger: one click, a curve that grows, three answers side by side."""

import re

import pytest
from playwright.sync_api import Page

from tests.end_to_end.pages import (
    MINUTES,
    answers,
    points,
    wait_for_answers,
    wait_for_more_points,
    wait_for_status,
)
from tests.end_to_end.running import RunningApp

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


def test_the_quick_tour_ends_in_three_compared_panes(app: RunningApp, page: Page) -> None:
    page.goto("/")
    page.locator("#tour").click()
    page.wait_for_url(re.compile(r"/run\?run="))

    first = wait_for_more_points(page, than=1)
    grown = wait_for_more_points(page, than=first)
    assert grown > first, "the curve grows while the page is open"
    wait_for_status(page, "Succeeded")

    page.get_by_role("link", name="Watch DPO").click()
    page.wait_for_url(re.compile(r"/run\?run="))
    wait_for_status(page, "Succeeded", minutes=6)
    assert points(page) > 1

    page.get_by_role("link", name=re.compile("^Compare base")).click()
    page.locator(".rl-compare[data-ready]").wait_for()
    told = wait_for_answers(page, panes=3)
    assert all(told)
    assert page.locator(".rl-pane .rl-id > :first-child").all_inner_texts()[0] == "Lantern · no adapter"
    runs = {run["stage"]: run["id"] for run in app.rlft("runs", "--json")}
    origins = page.locator(".rl-pane .rl-id > :first-child").all_inner_texts()[1:]
    assert [origin.partition(",")[0] for origin in origins] == [runs["sft"], runs["dpo"]]

    page.reload()
    page.locator(".rl-pane .rl-badge", has_text="Done").nth(2).wait_for(timeout=MINUTES)
    assert answers(page) == told, "a reload shows the stored comparison"

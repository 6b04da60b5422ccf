"""Watching a run: a refresh keeps the view, eight tabs are all alive, and stopping says what is kept."""

import http.client
import json
import re
import time
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.end_to_end.pages import points, wait_for_more_points, wait_for_status
from tests.end_to_end.running import RunningApp

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def live_run(app: RunningApp) -> str:
    """A run launched from the terminal that goes on until it is stopped."""
    sets = ("--set", "sft.epochs=100", "--set", "sft.probe_every=2000", "--set", "sft.probe_prompts=8")
    launched = app.rlft("train", "lantern-sft", *sets, "--detach", "--json")
    return str(launched["runs"][0]["id"])


def test_a_refresh_in_the_middle_of_a_run_keeps_view_and_curve(live_run: str, page: Page) -> None:
    page.goto(f"/run?run={live_run}")
    wait_for_more_points(page, than=2)
    page.get_by_text("Tokens", exact=True).first.click()
    page.get_by_role("button", name="Table").click()
    page.wait_for_url(re.compile("x=tokens"))
    page.locator("figure table").first.wait_for()
    before, address = points(page), page.url

    page.reload()
    assert page.url == address
    assert wait_for_more_points(page, than=before - 1) >= before, "no point is lost"
    page.locator("figure table").first.wait_for()
    assert page.get_by_role("radio", name="Tokens").is_checked()
    wait_for_more_points(page, than=points(page))


def test_eight_tabs_at_once_all_load_and_follow(live_run: str, context: BrowserContext) -> None:
    run = f"/run?run={live_run}"
    addresses = ("/", "/runs", run, "/compare", "/new", run, f"/runs?runs={live_run}", run)
    tabs = [context.new_page() for _ in addresses]
    for tab, address in zip(tabs, addresses, strict=True):
        tab.goto(address, wait_until="commit")
    for tab in tabs:
        tab.locator("h1").wait_for()
        tab.locator(".rl-top .rl-badge", has_text="1 running").wait_for()
    for tab in (tabs[2], tabs[5], tabs[7]):
        tab.bring_to_front()
        wait_for_more_points(tab, than=wait_for_more_points(tab, than=0))


def test_stopping_asks_says_what_is_kept_and_ends_the_run(live_run: str, page: Page) -> None:
    page.goto(f"/run?run={live_run}")
    page.locator(
        ".rl-run-top", has_text=re.compile(r"Step [1-9]")
    ).wait_for()  # before, nothing would be kept
    page.get_by_role("button", name="Stop").click()
    assert "It saves its last whole step" in page.get_by_role("alertdialog").inner_text()
    page.get_by_role("button", name="Stop now").click()
    wait_for_status(page, "Stopped")
    page.get_by_role("button", name=re.compile("Resume from step")).wait_for()


def test_who_was_silent_for_a_while_is_answered_over_the_same_connection(app: RunningApp) -> None:
    connection = http.client.HTTPConnection(urlsplit(app.url).netloc, timeout=10)
    connection.connect()
    opened = connection.sock
    for silence in (
        0,
        6,
    ):  # uvicorn's own patience is five seconds, and pages ask every ten where nothing is live
        time.sleep(silence)
        connection.request("GET", "/healthz")
        assert json.loads(connection.getresponse().read()) == {"status": "ok"}
        assert connection.sock is opened
    connection.close()

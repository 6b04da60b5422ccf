"""A person votes while the app is killed in the middle and comes back: nothing that was voted is lost or counted twice."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from rlft_gui.services import open_services
from tests.end_to_end.running import RunningApp
from tests.services.feedback.voting_home import compared

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

PROMPTS = 12
UNSENT = "Object.keys(localStorage).filter(name => name.startsWith('rl-vote:')).length"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    services = open_services(tmp_path / "home")
    compared(services.storage, "c-kill", PROMPTS)
    services.storage.close()
    return tmp_path / "home"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Its console may say that nobody answers."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


def vote(page: Page, key: str) -> None:
    before = page.locator("#vote-prompt p").inner_text()
    page.keyboard.press(key)
    expect(page.locator("#vote-prompt p")).not_to_have_text(before)


def votes_in(home: Path) -> list[tuple[str, str]]:
    """Prompt and choice of each vote that stands."""
    services = open_services(home)
    found = [(one.prompt_id, str(one.verdict.choice)) for one in services.votes.cast()]
    services.storage.close()
    return found


def test_an_app_that_is_killed_in_the_middle_loses_no_vote(home: Path, page: Page) -> None:
    app = RunningApp(home)
    port = int(app.url.rpartition(":")[2])
    try:
        page.goto(app.link())
        page.goto(f"{app.url}/vote?comparison=c-kill")
        page.get_by_label("Your name").fill("Anna")
        page.get_by_role("button", name="Start voting").click()
        page.locator("#vote-prompt").wait_for()
        page.wait_for_timeout(1000)  # the next pairs are at hand
        vote(page, "t")
        page.wait_for_function(f"{UNSENT} === 0")
        vote(page, "x")
        app.kill()
        vote(page, "t")
        expect(page.locator(".rl-vote-kept")).to_contain_text(
            re.compile("[12] votes? (is|are) kept in this browser")
        )
        page.keyboard.press("x")
        assert page.evaluate(UNSENT) in (2, 3)
    finally:
        app.close()

    app = RunningApp(home, port)
    try:
        page.wait_for_function(f"{UNSENT} === 0", timeout=60_000)
        expect(page.locator(".rl-vote-kept")).to_have_count(0)
        expect(page.locator("#vote-last")).to_contain_text("Both bad")
        vote(page, "t")
        page.wait_for_function(f"{UNSENT} === 0")
        given = votes_in(home)
        assert [choice for _, choice in given] == ["tie", "both_bad", "tie", "both_bad", "tie"]
        assert len({prompt for prompt, _ in given}) == 5
    finally:
        app.close()


def test_what_a_closed_page_could_not_send_is_sent_by_the_next_visit(home: Path, page: Page) -> None:
    app = RunningApp(home)
    port = int(app.url.rpartition(":")[2])
    try:
        page.goto(app.link())
        page.goto(f"{app.url}/vote?comparison=c-kill")
        page.get_by_label("Your name").fill("Ben")
        page.get_by_role("button", name="Start voting").click()
        page.locator("#vote-prompt").wait_for()
        page.wait_for_timeout(1000)
        address = page.url
        app.kill()
        page.keyboard.press("t")
        page.wait_for_function(f"{UNSENT} === 1")
        page.goto("about:blank")
    finally:
        app.close()

    app = RunningApp(home, port)
    try:
        page.goto(address)
        page.locator("#vote-last", has_text="A tie between").wait_for()
        assert [choice for _, choice in votes_in(home)] == ["tie"]
    finally:
        app.close()

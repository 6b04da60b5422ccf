"""A judge votes while a person looks on: begun by a press alone, still there after a reload, stopped, gone on with."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from rlft_gui.domain.vote_plan import VotePlan
from rlft_gui.domain.votes import RaterKind, VoteSet
from rlft_gui.services import open_services
from tests.end_to_end.running import RunningApp
from tests.fakes.judge_server import JudgeServer, judge_server
from tests.services.feedback.voting_home import compared

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

PAIRS = 6


#: Of a server: the first four pairs, both ways, and then nothing.
FOUR_PAIRS = ["reply"] * 8 + ["hang"] * 8


def home_with(home: Path, *names: str) -> Path:
    """Sets of votes in which nobody has voted."""
    services = open_services(home)
    for name in names:
        source = compared(services.storage, f"c-{name.replace(' ', '-')}", PAIRS)
        plan = VotePlan(repeats=0, checks=0)
        services.voting.create(VoteSet(name=name, sources=(source,), plan=plan), user="local")
    services.storage.close()
    return home


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningApp]:
    running = RunningApp(home_with(tmp_path_factory.mktemp("home"), "week 1", "week 2"))
    yield running
    running.close()


def votes_of_judges(home: Path, name: str) -> int:
    services = open_services(home)
    found = [one for one in services.votes.cast(name) if one.rater.kind is RaterKind.JUDGE]
    services.storage.close()
    return len(found)


def choose(page: Page, server: JudgeServer) -> None:
    page.get_by_label("Judge", exact=True).select_option("A model behind a server")
    page.get_by_label("Judge: name").fill("endpoint:m")
    page.get_by_label("Address of its server").fill(server.url)


def test_a_judge_is_followed_over_a_reload_stopped_and_gone_on_with(app: RunningApp, page: Page) -> None:
    card = page.locator("#have-judge")
    with judge_server(script=list(FOUR_PAIRS)) as server:
        page.goto("/ratings?votes=week+1#have-judge")
        expect(page.locator("#judging-judge")).to_be_focused()
        choose(page, server)
        assert server.asked == [], "a link begins nothing"
        page.locator("#judging-start").click()
        expect(page.locator("#judging-stop")).to_be_focused()
        expect(card).to_contain_text(f"judged 4 of {PAIRS} pairs")
        expect(page.locator("#judges")).to_contain_text("endpoint:m")

        page.reload()
        expect(card).to_contain_text(f"endpoint:m judged 4 of {PAIRS} pairs")
        expect(card.get_by_role("progressbar")).to_have_attribute("aria-valuenow", "67")
        page.locator("#judging-stop").click()
        expect(card).to_contain_text(f"It judged 4 of {PAIRS} pairs, and what it said stands.")
    assert votes_of_judges(app.home, "week 1") == 4

    with judge_server() as server:
        page.locator("#judging-open").click()
        choose(page, server)
        page.get_by_label("Pairs at most").fill("1")
        page.locator("#judging-start").click()
        expect(card).to_contain_text("endpoint:m judged 1 pair")
        expect(card).to_contain_text("It had judged 4 pairs before.")
        expect(page.locator("#judges")).to_contain_text("5 pairs")
    assert votes_of_judges(app.home, "week 1") == 5

    page.get_by_text("Only what judges are unsure of").click()
    page.reload()
    expect(page.get_by_role("radio", name="Only what judges are unsure of")).to_be_checked()


def test_why_a_judge_cannot_vote_is_told_on_the_page(app: RunningApp, page: Page) -> None:
    card = page.locator("#have-judge")
    page.goto("/ratings?votes=week+2")
    with judge_server(script=["401"] * 99) as server:
        page.locator("#judging-open").click()
        choose(page, server)
        page.get_by_label("Pairs at most").fill("many")
        page.locator("#judging-start").click()
        expect(card).to_contain_text('whole number from 1 on, found "many"')
        page.get_by_label("Pairs at most").fill("")
        page.get_by_label("Address of its server").fill("")
        page.locator("#judging-start").click()
        expect(card).to_contain_text("its address is empty")
        page.get_by_label("Address of its server").fill(server.url)
        page.locator("#judging-start").click()
        expect(card).to_contain_text("refused the key")
        expect(card).to_contain_text("endpoint:m failed before it judged a pair")
    assert votes_of_judges(app.home, "week 2") == 0


def test_an_app_that_is_killed_loses_no_verdict_and_says_that_the_judge_is_gone(
    tmp_path: Path, browser: Browser
) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page, home = context.new_page(), home_with(tmp_path / "home", "week 1")
    app = RunningApp(home)
    port = int(app.url.rpartition(":")[2])
    with judge_server(script=list(FOUR_PAIRS)) as server:
        try:
            page.goto(app.link())
            page.goto(f"{app.url}/ratings?votes=week+1#have-judge")
            choose(page, server)
            page.locator("#judging-start").click()
            expect(page.locator("#have-judge")).to_contain_text(f"judged 4 of {PAIRS} pairs")
            app.kill()
        finally:
            app.close()
        app = RunningApp(home, port)
        try:
            expect(page.locator("#have-judge")).to_contain_text("The app was started again", timeout=60_000)
            assert votes_of_judges(home, "week 1") == 4
        finally:
            app.close()
    context.close()

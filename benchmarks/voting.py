"""From the key that votes to the next pair on screen, in a real browser, and what a vote asks of the server.

A set of 2,000 pairs of 80 words a side, a real app in a process of its own, Chromium at 1280 px. A vote is a key press; the
pair counts as on screen once the browser has painted after it, two frames after the press at the soonest. Then the same with
each answer of the app a second late, and how long the server works on a vote and on the next pairs.
"""

import os
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from rlft_gui.domain.vote_plan import VotePlan
from rlft_gui.domain.votes import Choice, Rater, Verdict, VoteSet
from rlft_gui.services import Services, open_services
from tests.chromium import FLAGS, find
from tests.services.feedback.voting_home import compared
from tests.soak.viewing import App, signed_in

PAIRS, WORDS = 2000, 80
VOTES, LATE_VOTES = 60, 10
PAUSE_MS = 700  #: a person who hardly reads
TARGET_MS = 100
ANNA = Rater(name="Anna")

#: Presses a key and waits until the next pair was painted; ms.
_VOTE = """key => new Promise(resolve => {
    const before = document.querySelector('[data-ballot]').dataset.ballot;
    const began = performance.now();
    document.dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true}));
    const look = () => {
        const now = document.querySelector('[data-ballot]').dataset.ballot;
        if (now && now !== before) requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - began)));
        else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
})"""


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        services = open_services(Path(folder))
        name = _set(services)
        with App(Path(folder)) as (address, _), sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=find(), args=FLAGS)
            context = browser.new_context(
                viewport={"width": 1280, "height": 900}, extra_http_headers=signed_in(Path(folder))
            )
            page = context.new_page()
            page.add_init_script("localStorage.setItem('rl-rater', 'Anna')")
            page.goto(f"{address}vote?votes={name}")
            page.locator("#vote-prompt").wait_for()
            page.wait_for_timeout(2000)
            _print("vote to next pair", [_vote(page) for _ in range(VOTES)])
            _make_late(page)
            _print("the same, each answer a second late", [_vote(page) for _ in range(LATE_VOTES)])
            browser.close()
        _print_server(services, name)
        services.storage.close()


def _vote(page: Page) -> float:
    page.wait_for_timeout(PAUSE_MS)
    took: float = page.evaluate(_VOTE, "a")
    return took


def _make_late(page: Page) -> None:
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    late = {"offline": False, "latency": 1000, "downloadThroughput": -1, "uploadThroughput": -1}
    session.send("Network.emulateNetworkConditions", late)


def _set(services: Services) -> str:
    texts = {
        (pane, index): f"{'one' if pane else 'two'} {index} " + "plain words " * (WORDS // 2)
        for pane in range(2)
        for index in range(PAIRS)
    }
    source = compared(services.storage, "c-bench", PAIRS, texts=texts)
    return services.voting.create(
        VoteSet(name="bench", sources=(source,), plan=VotePlan()), user="local"
    ).name


def _print(what: str, took: list[float]) -> None:
    print(
        f"  {what:38} p50 {statistics.median(took):5.0f} ms   worst {max(took):5.0f} ms of {len(took)}   "
        f"target ≤ {TARGET_MS} ms   load {os.getloadavg()[0]:.1f}"
    )


def _print_server(services: Services, name: str) -> None:
    """What the browser does not wait for."""
    cast, following = [], []
    for _ in range(500):
        began = time.perf_counter()
        ballots: Any = services.voting.next(name, ANNA, 4)
        following.append(1000 * (time.perf_counter() - began))
        began = time.perf_counter()
        services.voting.cast(ballots[0].id, Verdict(choice=Choice.A, strength=2), ANNA)
        services.voting.progress(name, ANNA)
        cast.append(1000 * (time.perf_counter() - began))
    given = services.votes.count(name)
    print(
        f"  server, up to {given:,} votes: next pairs p50 {statistics.median(following):.0f} ms, worst {max(following):.0f} ms; "
        f"a vote p50 {statistics.median(cast):.0f} ms, worst {max(cast):.0f} ms"
    )


if __name__ == "__main__":
    main()

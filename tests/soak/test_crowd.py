"""Fifty people on the start page, the list of runs and one live run, and one real browser among them."""

import asyncio
import statistics
import threading
import time
from pathlib import Path

import pytest
from filelock import FileLock
from playwright.sync_api import Page, sync_playwright

from rlft_gui.storage import open_storage
from tests.chromium import FLAGS, find
from tests.fakes.homes import fresh_home
from tests.soak import writers
from tests.soak.figures import Figures
from tests.soak.live_runs import claimed
from tests.soak.viewing import HOME_PAGE, RUN_PAGE, RUNS_PAGE, App, Seen, look

CROWD = (("run", RUN_PAGE, 20), ("", HOME_PAGE, 15), ("runs", RUNS_PAGE, 15))
STEPS_A_SECOND, SECONDS = 20, 45
LONGEST = 3.0  #: s, p99

#: Seconds that each question of the page took, as the browser counts them.
QUESTIONS = """() => performance.getEntriesByType('resource')
    .filter(entry => entry.name.includes('component_server')).map(entry => entry.duration / 1000)"""


@pytest.mark.soak
@pytest.mark.timeout(600)
def test_fifty_browsers_are_all_answered(tmp_path: Path, figures: Figures) -> None:
    home = fresh_home(tmp_path)
    storage = open_storage(home)
    (run,) = claimed(home, storage, 1)
    storage.close()
    with FileLock(home.keeper_lock), App(home.path) as (address, _):
        helpers = [
            writers.start("take", home.path, run.id),
            writers.start("steady", home.path, run.id, STEPS_A_SECOND, SECONDS + 30),
        ]
        seen: list[Seen] = []
        crowd = threading.Thread(target=lambda: seen.extend(asyncio.run(_crowd(address, run.id))))
        crowd.start()
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=find(), args=FLAGS)
            page = browser.new_page()
            first_line = _first_line(page, f"{address}run?run={run.id}")
            page.wait_for_timeout(1000 * (SECONDS - 10))
            asked = page.evaluate(QUESTIONS)
            browser.close()
        crowd.join()
        for helper in helpers:
            helper.kill()
            helper.communicate()
    took = [seconds for one in seen for seconds in one.all_took]
    failed = sum(one.failed + one.refused for one in seen)
    people = sum(count for _, _, count in CROWD)
    figures.add("R12", f"questions of {people} viewers", len(took), "", "")
    figures.add("R12", f"questions of {people} viewers, p99", _p99(took), "s", f"< {LONGEST:g}")
    figures.add("R12", f"questions of {people} viewers, p50", statistics.median(took), "s", "")
    figures.add("R12", "questions of a Chromium among them, p99", _p99(asked), "s", f"< {LONGEST:g}")
    figures.add("R12", "first line of a run's curve in that Chromium", first_line, "s", "")
    figures.add("R12", "questions without an answer", failed, "", "= 0")
    assert failed == 0
    assert len(asked) > SECONDS, "the browser asked about once a second"


async def _crowd(address: str, run_id: str) -> list[Seen]:
    looks = (look(address, [run_id], count, SECONDS, questions, page) for page, questions, count in CROWD)
    return list(await asyncio.gather(*looks))


def _first_line(page: Page, address: str) -> float:
    began = time.perf_counter()
    page.goto(address, wait_until="commit")
    page.locator("path.js-line").first.wait_for(timeout=60_000)
    return time.perf_counter() - began


def _p99(times: list[float]) -> float:
    return statistics.quantiles(times, n=100)[-1]

"""One browser and one app over a fake world per file; each test gets a fresh past.

Every visit also fails on an error in the console, a request to another host, or a page wider than its window.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.chromium import FLAGS, find
from tests.ui.fakes_new import NewWorld
from tests.ui.serving import served
from tests.ui.visiting import Visit


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=find(), args=FLAGS)


@pytest.fixture(scope="module")
def app() -> Iterator[tuple[NewWorld, str]]:
    """One app for all tests; `world` gives each a fresh past."""
    world = NewWorld()
    with served(world) as address:
        yield world, address


@pytest.fixture
def world(app: tuple[NewWorld, str]) -> NewWorld:
    world, fresh = app[0], NewWorld()
    for name in ("runs", "series", "alarms_of", "done"):
        setattr(world.runs, name, getattr(fresh.runs, name))
    world.runs.bin.binned.clear()
    world.runs.failing = False
    world.launching.launched.clear()
    world.comparing.comparisons.clear()
    world.scoring.asked.clear()
    return world


@pytest.fixture
def visit(
    browser: Browser, app: tuple[NewWorld, str], world: NewWorld, request: pytest.FixtureRequest
) -> Iterator[Visit]:
    visit = Visit(browser, app[1], getattr(request, "param", 1280))
    yield visit
    wide = visit.page.evaluate("document.documentElement.scrollWidth - innerWidth")
    visit.context.close()
    assert visit.errors == []
    assert wide <= 0

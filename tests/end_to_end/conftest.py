"""One app per file, one Chromium for all, a fresh context per test whose console must stay quiet."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from tests import chromium
from tests.end_to_end.running import RunningApp

SECONDS = 1000  #: Playwright counts milliseconds
#: A refused field answers HTTP 422, which Chromium logs as an error.
ALLOWED = ("422 (Unprocessable",)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningApp]:
    running = RunningApp(tmp_path_factory.mktemp("home"))
    yield running
    running.close()


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    path = chromium.find()
    assert path, "The browser journeys need Chromium, and none was found. Run: python -m tests.chromium"
    expect.set_options(timeout=30 * SECONDS)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=chromium.FLAGS)
        yield launched
        launched.close()


@pytest.fixture
def context(browser: Browser, app: RunningApp) -> Iterator[BrowserContext]:
    context = browser.new_context(base_url=app.url, viewport={"width": 1280, "height": 900})
    context.set_default_timeout(60 * SECONDS)
    sign_in(context, app)
    said: list[str] = []
    context.on("console", lambda message: said.append(_error(message)))
    context.on("weberror", lambda error: said.append(str(error.error)))
    yield context
    context.close()
    complaints = [line for line in said if line and not any(known in line for known in ALLOWED)]
    last = app.log.read_text(errors="replace")[-4000:]
    assert complaints == [], f"the browser's console must stay quiet. The app's log ends with:\n{last}"


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


def sign_in(context: BrowserContext, app: RunningApp) -> None:
    """Give the context's pages a session; it holds as long as the home's token, so also after a restart."""
    answer = context.request.get(app.link(), headers={"Accept": "text/html"}, max_redirects=2)
    assert answer.ok, answer.text()


def _error(message: ConsoleMessage) -> str:
    return message.text if message.type == "error" else ""

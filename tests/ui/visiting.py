"""A browser's visit to the app over a fake world, and what can be read off its charts."""

from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Page, expect

PATIENCE_MS = 60_000


class Visit:
    """A page of the app, and what went wrong on it."""

    def __init__(self, browser: Browser, address: str, width: int) -> None:
        self.context = browser.new_context(viewport={"width": width, "height": 900})
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE_MS)
        self.address = address
        self.lost = f"{address}/nonsense"  #: leads nowhere, which Chromium reports as an error
        self.errors: list[str] = []
        self.page.on("console", self._listen)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("request", lambda request: self._watch(request.url))

    def open(self, path: str) -> Page:
        self.page.goto(self.address + path)
        expect(self.page.locator(".rl-part h1")).to_be_visible(timeout=PATIENCE_MS)
        return self.page

    def _listen(self, message: ConsoleMessage) -> None:
        if message.type == "error" and message.location.get("url") != self.lost:
            self.errors.append(message.text)

    def _watch(self, url: str) -> None:
        if not url.startswith((self.address, "data:", "blob:")):
            self.errors.append(f"asked {url}")


def plot(page: Page, number: int = 0) -> Any:
    """The numbers of a chart once it has points, as Plotly has them: range of x, main line, lines, crosses."""
    page.wait_for_function(
        "n => document.querySelectorAll('.rl-plot')[n]?.data?.[1]?.x.length > 0", arg=number
    )
    return page.evaluate(
        """n => { const it = document.querySelectorAll('.rl-plot')[n];
        return {range: it.layout.xaxis.range, x: it.data[1].x, lines: it.data.length / 4, crosses: it.data[2].x}; }""",
        number,
    )

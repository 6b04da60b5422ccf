"""What several journeys do on the same pages, in a person's words."""

import re

from playwright.sync_api import Locator, Page

MINUTES = 60_000  #: in Playwright's milliseconds

#: How many points the longest line of the page's charts has.
POINTS = """() => Math.max(0, ...[...document.querySelectorAll('.js-plotly-plot')]
    .flatMap(plot => (plot.data ?? []).map(line => line.x?.length ?? 0)))"""


def points(page: Page) -> int:
    return int(page.evaluate(POINTS))


def wait_for_more_points(page: Page, than: int, minutes: float = 2) -> int:
    """The number of points once there are more than `than`."""
    page.wait_for_function(f"than => ({POINTS})() > than", arg=than, timeout=minutes * MINUTES)
    return points(page)


def wait_for_status(page: Page, word: str, minutes: float = 4) -> None:
    """Until the run's page says so beside its title."""
    page.locator(".rl-run-head .rl-badge", has_text=re.compile(f"^{word}")).first.wait_for(
        timeout=minutes * MINUTES
    )


def open_wizard(page: Page, address: str = "/new") -> None:
    page.goto(address)
    wait_for_step(page)


def wait_for_step(page: Page, number: int | None = None) -> None:
    """Until the wizard has opened that step, or any."""
    wanted = f"[data-ready='{number}']" if number else "[data-ready]"
    page.locator(f".rl-wizard{wanted}").wait_for(state="attached")


def go_on(page: Page, step: int) -> None:
    """Continue from that step to the next."""
    page.locator(f"#next-{step}").click()
    wait_for_step(page, step + 1)


def field(page: Page, name: str) -> Locator:
    """The control of a setting by its element id, e.g. "dpo-beta"."""
    return page.locator(f"#{name}").locator("input, textarea").first


def open_compare(page: Page, address: str = "/compare") -> None:
    page.goto(address)
    page.locator(".rl-compare[data-ready]").wait_for()


def answers(page: Page) -> list[str]:
    """The text of every pane."""
    return page.locator(".rl-pane .rl-ans").all_inner_texts()


def wait_for_answers(page: Page, panes: int) -> list[str]:
    """The answers once every pane is done."""
    page.locator(".rl-pane .rl-badge", has_text="Done").nth(panes - 1).wait_for(timeout=3 * MINUTES)
    return answers(page)

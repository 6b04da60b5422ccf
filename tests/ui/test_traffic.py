"""What pages move over the wire on the first visit and on a reload: limits just above what `make bench wire` prints."""

import pytest
from playwright.sync_api import Browser

from tests.ui.fakes_new import NewWorld
from tests.ui.traffic import visits

pytestmark = pytest.mark.slow

#: kB of a first visit and of a reload, and requests of each. Live parts ask by the second, and a busy machine longer.
MOST = {
    "/": (490, 30, 110, 20),
    "/new": (790, 30, 150, 20),
    "/runs": (1900, 30, 135, 20),
    "/run?run=beta-sweep": (1980, 30, 170, 20),
    "/compare": (600, 30, 152, 20),
}


@pytest.mark.parametrize("path", MOST)
def test_a_page_moves_no_more_than_it_did(
    browser: Browser, app: tuple[NewWorld, str], world: NewWorld, path: str
) -> None:
    found = visits(browser, app[1] + path)

    moved = (found.first.bytes / 1e3, found.reload.bytes / 1e3, found.first.requests, found.reload.requests)
    assert all(is_now <= most for is_now, most in zip(moved, MOST[path], strict=True)), moved

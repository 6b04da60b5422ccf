"""What a visit to a page moves over the wire, as Chromium counts it."""

import json
import re
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page

#: How long a page is watched once its heading stands. It has its charts by then; what is live asks about three times.
WATCHED_MS = 3000
_CONFIGURATION = re.compile(r"window\.gradio_config = (.*?);</script>", re.DOTALL)


@dataclass(frozen=True)
class Traffic:
    """Of one visit: bytes on the wire with their headers, and requests that a server answered (none from the cache)."""

    bytes: int
    requests: int


@dataclass(frozen=True)
class Visits:
    """To one page: the first with an empty cache, a reload, and the bytes of its configuration before compression."""

    first: Traffic
    reload: Traffic
    configuration: int


def visits(browser: Browser, address: str) -> Visits:
    """Open a page in a fresh browser context, and load it again."""
    context = browser.new_context()
    page = context.new_page()
    seen = _counted(context.new_cdp_session(page))
    response = page.goto(address)
    assert response is not None
    configuration = configuration_bytes(response.text())
    first = _settled(page, seen)
    seen.clear()
    page.reload()
    reload = _settled(page, seen)
    context.close()
    return Visits(first, reload, configuration)


def configuration_bytes(html: str) -> int:
    """Of the JSON in a page of Gradio that says what is on it."""
    found = _CONFIGURATION.search(html)
    assert found, "the page holds no configuration of Gradio"
    json.loads(found[1])
    return len(found[1].encode())


def _counted(session: CDPSession) -> list[int]:
    """Grows by the bytes of each answer that came over the wire, as it ends; a stream that lives on is none."""
    session.send("Network.enable")
    cached: set[str] = set()
    seen: list[int] = []

    def answered(event: dict[str, Any]) -> None:
        if event["response"].get("fromDiskCache") or event["response"]["url"].startswith(("data:", "blob:")):
            cached.add(event["requestId"])

    def ended(event: dict[str, Any]) -> None:
        if event["requestId"] not in cached:
            seen.append(int(event["encodedDataLength"]))

    session.on("Network.requestServedFromCache", lambda event: cached.add(event["requestId"]))
    session.on("Network.responseReceived", answered)
    session.on("Network.loadingFinished", ended)
    return seen


def _settled(page: Page, seen: list[int]) -> Traffic:
    page.locator(".rl-part h1, #last h1").first.wait_for()
    page.wait_for_timeout(WATCHED_MS)
    return Traffic(sum(seen), len(seen))

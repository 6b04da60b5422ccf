"""What every page moves over the wire, on the first visit and on a reload, beside an empty Gradio app.

The pages are those of the tests' world, over the real server, in Chromium; the empty app runs as it comes.
"""

import os
import sys

from playwright.sync_api import sync_playwright

from benchmarks.startup import EMPTY_APP, listening, started
from tests.chromium import FLAGS, find
from tests.ui.fakes_new import NewWorld
from tests.ui.serving import served
from tests.ui.traffic import Visits, visits

PAGES = ("/", "/new", "/runs", "/run?run=beta-sweep", "/compare")


def main() -> None:
    """Print kB and requests of both visits, kB of configuration, and ratios to the empty app's bytes."""
    with sync_playwright() as playwright, served(NewWorld()) as address:
        browser = playwright.chromium.launch(executable_path=find(), args=FLAGS)
        with started([sys.executable, "-c", EMPTY_APP]) as (port, _began, _process):
            listening(port)
            empty = visits(browser, f"http://127.0.0.1:{port}/")
        ours = {path: visits(browser, address + path) for path in PAGES}
        browser.close()
    print(
        f"Over the wire in kB (requests), load {os.getloadavg()[0]:.1f}; aims: first ≤ 2000, reload ≤ 30, /new's"
    )
    print("configuration ≤ 60")
    for name, page in {"an empty Gradio app": empty, **ours}.items():
        print(f"  {name:20} {_told(page)}   ratio of firsts {page.first.bytes / empty.first.bytes:.2f}")


def _told(page: Visits) -> str:
    first, again = page.first, page.reload
    sizes = f"first {first.bytes / 1e3:7.1f} ({first.requests:3})   reload {again.bytes / 1e3:6.1f} ({again.requests:3})"
    return f"{sizes}   configuration {page.configuration / 1e3:6.1f}"


if __name__ == "__main__":
    main()

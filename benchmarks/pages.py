"""From the call of a run's page with thirty metrics of 5,000 steps to its first line, beside trackio's page of the same points.

Both servers stand before the clock starts. Each round is a fresh browser with nothing in its cache, in turns. Trackio draws on
canvases, at once as they appear.
"""

import os
import random
import shutil
import statistics
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from benchmarks import curves, live_peer, trackio_env
from rlft_gui.services import open_services
from rlft_gui.stages import every_metric
from tests.chromium import FLAGS, find
from tests.soak.viewing import App, signed_in

ROUNDS = 5
TARGET = 0.4
_PATIENCE_MS = 60_000


def main() -> None:
    folder = Path(tempfile.mkdtemp())
    port = random.randint(20_000, 30_000)
    trackio_env.start(folder / "trackio", "fill", 1, curves.METRICS, curves.STEPS).communicate()
    peer = trackio_env.start(folder / "trackio", "serve", port)
    try:
        run_id = _run(folder / "home")
        with App(folder / "home") as (address, _), sync_playwright() as playwright:
            live_peer.wait_for(f"http://127.0.0.1:{port}/")
            browser = playwright.chromium.launch(executable_path=find(), args=FLAGS)
            ours, theirs, owner = [], [], signed_in(folder / "home")
            for _ in range(ROUNDS):
                ours.append(_first(browser, f"{address}run?run={run_id}", "path.js-line", owner))
                theirs.append(_first(browser, f"http://127.0.0.1:{port}/?project=peer", "canvas", {}))
            browser.close()
        _print(ours, theirs)
    finally:
        peer.terminate()
        peer.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _run(home: Path) -> str:
    """A run that has reported thirty of the metrics that stages declare."""
    services = open_services(home)
    (run_id,) = curves.stopped_runs(services, 1)
    curves.taken_in(services, [run_id], [metric.name for metric in every_metric()][: curves.METRICS])
    services.storage.close()
    return run_id


def _first(browser: Browser, address: str, line: str, headers: dict[str, str]) -> float:
    """Seconds."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, extra_http_headers=headers)
    page = context.new_page()
    began = time.perf_counter()
    page.goto(address, wait_until="commit")
    page.locator(line).first.wait_for(timeout=_PATIENCE_MS)
    seconds = time.perf_counter() - began
    context.close()
    return seconds


def _print(ours: list[float], theirs: list[float]) -> None:
    mine, peer = statistics.median(ours), statistics.median(theirs)
    print(f"A run's page, {curves.METRICS} metrics of {curves.STEPS:,} steps, load {os.getloadavg()[0]:.1f}")
    print(
        f"  first line {mine:5.2f} s ({min(ours):.2f} to {max(ours):.2f})   trackio {trackio_env.TRACKIO} {peer:5.2f} s "
        f"({min(theirs):.2f} to {max(theirs):.2f})   ratio {mine / peer:.2f}   target ≤ {TARGET}"
    )


if __name__ == "__main__":
    main()

"""Start to first full page, beside an empty Gradio app: seconds, seconds of processor, and memory then.

Both are started as a process and opened in the same Chromium, in turns; a page is full when its heading and its
last part stand. Ratios are those of the medians. The browser is not counted.
"""

import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
from playwright.sync_api import Browser, Error, sync_playwright

from tests.chromium import FLAGS, find
from tests.soak.viewing import signed_in

ROUNDS = 5
PATIENCE_SECONDS = 120
ROOT = Path(__file__).parent.parent

EMPTY_APP = """
import sys
import gradio as gr
with gr.Blocks(analytics_enabled=False) as demo:
    gr.Markdown("# Empty", elem_id="last")
demo.launch(server_port=int(sys.argv[1]), quiet=True)
"""


@dataclass(frozen=True)
class Start:
    """What one start took until its first page was full: seconds, seconds of processor, MB resident."""

    wall: float
    processor: float
    memory: float


#: A figure of a start, its words, its unit, and the ratio to an empty app that is aimed at.
FIGURES = (
    ("wall", "start to first full page", "s", 1.4),
    ("processor", "processor until then", "s", 1.15),
    ("memory", "resident memory then", "MB", 1.15),
)


def main() -> None:
    """Print the medians of both apps and their ratios."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=FLAGS)
        starts: dict[str, list[Start]] = {"empty": [], "ours": []}
        for _ in range(ROUNDS):
            starts["empty"].append(_start(browser, [sys.executable, "-c", EMPTY_APP], "#last h1", {}))
            with tempfile.TemporaryDirectory() as home:
                starts["ours"].append(_start(browser, _our_app(home), "#tour", signed_in(Path(home))))
        browser.close()
    print(f"The app beside an empty Gradio app, median of {ROUNDS}, load {os.getloadavg()[0]:.1f}")
    for name, words, unit, aim in FIGURES:
        empty, ours = (
            statistics.median(getattr(one, name) for one in starts[app]) for app in ("empty", "ours")
        )
        print(
            f"  {words:26}{ours:7.2f} {unit:2}   empty {empty:7.2f} {unit:2}   ratio {ours / empty:.2f}   aim ≤ {aim}"
        )


def _start(browser: Browser, command: list[str], last: str, headers: dict[str, str]) -> Start:
    with started(command) as (port, began, process):
        wall = _full_page(browser, port, last, headers) - began
        family = _family(process)
        seconds = sum(one.cpu_times().user + one.cpu_times().system for one in family)
        return Start(wall, seconds, sum(one.memory_info().rss for one in family) / 1e6)


def _family(process: subprocess.Popen[bytes]) -> list[psutil.Process]:
    """The app's process and its children."""
    own = psutil.Process(process.pid)
    return [own, *own.children(recursive=True)]


def _our_app(home: str) -> list[str]:
    return [sys.executable, str(ROOT / "app.py"), "--home", home, "--port"]


@contextmanager
def started(command: list[str]) -> Iterator[tuple[int, float, subprocess.Popen[bytes]]]:
    """The process, given a free port as its last argument; ended with the block."""
    port = _free_port()
    began = time.perf_counter()
    process = subprocess.Popen([*command, str(port)], cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        yield port, began, process
    finally:
        process.terminate()
        process.wait(timeout=30)


def _full_page(browser: Browser, port: int, last: str, headers: dict[str, str]) -> float:
    """When the page stood; tries to connect until the app listens."""
    context = browser.new_context(extra_http_headers=headers)
    page = context.new_page()
    until = time.perf_counter() + PATIENCE_SECONDS
    while True:
        try:
            page.goto(f"http://127.0.0.1:{port}/", wait_until="commit")
            break
        except Error:
            if time.perf_counter() > until:
                raise
            time.sleep(0.02)
    page.wait_for_selector(last, timeout=PATIENCE_SECONDS * 1000)
    stood = time.perf_counter()
    context.close()
    return stood


def listening(port: int) -> None:
    """Wait until the app answers there."""
    until = time.perf_counter() + PATIENCE_SECONDS
    while time.perf_counter() < until:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.05)
    raise TimeoutError(f"Nothing listened on port {port} within {PATIENCE_SECONDS} seconds.")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


if __name__ == "__main__":
    main()

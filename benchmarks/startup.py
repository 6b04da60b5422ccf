"""Start to first full page, beside an empty Gradio app, and the memory of the idle app.

Both are started as a process and opened in the same Chromium, in turns; a page is full when its heading and its
last part stand. The ratio is that of the medians. Browser start is not counted.
"""

import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from playwright.sync_api import Browser, Error, sync_playwright

from tests.chromium import FLAGS, find

ROUNDS = 5
TARGET = 1.4
PATIENCE_SECONDS = 120
ROOT = Path(__file__).parent.parent

EMPTY_APP = """
import sys
import gradio as gr
with gr.Blocks(analytics_enabled=False) as demo:
    gr.Markdown("# Empty", elem_id="last")
demo.launch(server_port=int(sys.argv[1]), quiet=True)
"""


def main() -> None:
    """Print both medians, their ratio, and the idle memory."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=FLAGS)
        times: dict[str, list[float]] = {"empty": [], "ours": []}
        memory: list[float] = []
        for _ in range(ROUNDS):
            with _started([sys.executable, "-c", EMPTY_APP]) as (port, began, _process):
                times["empty"].append(_full_page(browser, port, "#last h1") - began)
            with tempfile.TemporaryDirectory() as home, _started(_our_app(home)) as (port, began, process):
                times["ours"].append(_full_page(browser, port, "#tour") - began)
                memory.append(_resident(process) / 1e6)
        browser.close()
    empty, ours = (statistics.median(times[name]) for name in ("empty", "ours"))
    print(f"Start to first full page, median of {ROUNDS}")
    print(f"  empty Gradio app  {empty:6.2f} s   ({_range(times['empty'])})")
    print(f"  rlft_gui          {ours:6.2f} s   ({_range(times['ours'])})")
    print(f"  ratio             {ours / empty:6.2f}     target ≤ {TARGET}")
    print(f"Idle memory         {statistics.median(memory):6.0f} MB resident, app process and its children")


def _our_app(home: str) -> list[str]:
    return [sys.executable, str(ROOT / "app.py"), "--home", home, "--port"]


@contextmanager
def _started(command: list[str]) -> Iterator[tuple[int, float, subprocess.Popen[bytes]]]:
    """The process, given a free port as its last argument; ended with the block."""
    port = _free_port()
    began = time.perf_counter()
    process = subprocess.Popen([*command, str(port)], cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        yield port, began, process
    finally:
        process.terminate()
        process.wait(timeout=30)


def _full_page(browser: Browser, port: int, last: str) -> float:
    """When the page stood; tries to connect until the app listens."""
    context = browser.new_context()
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


def _resident(process: subprocess.Popen[bytes]) -> int:
    own = psutil.Process(process.pid)
    return sum(one.memory_info().rss for one in (own, *own.children(recursive=True)))


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def _range(values: list[float]) -> str:
    return f"{min(values):.2f} to {max(values):.2f} s"


if __name__ == "__main__":
    main()

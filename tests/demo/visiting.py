"""A demo on a port of its own, and visitors who talk to it as browsers do."""

import asyncio
import hashlib
import json
import re
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import fastapi
import httpx
import psutil
import uvicorn

from rlft_gui.demo.door import Demo
from rlft_gui.demo.opening import shipped, unlock
from rlft_gui.demo.packing import unpack
from rlft_gui.domain.home import Home
from rlft_gui.lantern.suite import suite
from rlft_gui.server.demo import make_demo_app
from rlft_gui.server.listening import listen

PROMPT = suite()[0].prompt
SAMPLING = {"temperature": 0.7, "seed": 0, "max_new_tokens": 8, "top_p": 1.0, "draws": 1, "system": ""}
OPEN = "Your turn to vote"
_CONFIGURATION = re.compile(r"window\.gradio_config = (.*?);</script>", re.DOTALL)
_SECONDS = 60.0


def seed_in(folder: Path) -> Home:
    return unpack(shipped(), folder)


def sums(folder: Path) -> dict[str, str]:
    """Of every file, by path."""
    files = (file for file in sorted(folder.rglob("*")) if file.is_file())
    return {str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


@contextmanager
def served(demo: Demo, folder: Path) -> Iterator[str]:
    """The demo's address. What it started for its visitors ends with it."""
    listener = listen("127.0.0.1", 0)
    servers: list[uvicorn.Server] = []

    def run() -> None:
        servers.append(uvicorn.Server(uvicorn.Config(_app(demo), log_level="warning")))
        servers[0].run(sockets=[listener])

    thread = threading.Thread(target=run)
    thread.start()
    while thread.is_alive() and not (servers and servers[0].started):
        time.sleep(0.02)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        servers[0].should_exit = True
        thread.join()
        listener.close()
        unlock(folder)
        end_all(folder)


def _app(demo: Demo) -> fastapi.FastAPI:
    async def make() -> fastapi.FastAPI:
        return make_demo_app(demo)

    return asyncio.run(make())  # Gradio opens an event loop where there is none, and never closes it


def end_all(folder: Path) -> None:
    """Processes that were started for a folder."""
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if any(word.startswith(str(folder)) for word in process.cmdline()[1:]):
                process.kill()
                process.wait(10)


VISITING: list[httpx.Client] = []  #: to be closed behind each test


class Visitor:
    """A browser with a cookie of its own; the address of each server function is read off the pages."""

    def __init__(self, address: str) -> None:
        self.client = httpx.Client(base_url=address, timeout=_SECONDS)
        VISITING.append(self.client)
        self.session = uuid.uuid4().hex
        page = self.client.get("/", headers={"accept": "text/html"})
        self.page_bytes = len(page.content)
        self._parts: dict[str, int] = {}

    @property
    def events(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.client.get("/config").json()["dependencies"]
        return found

    def parts(self) -> dict[str, int]:
        """The component that answers each server function."""
        if not self._parts:
            components = self.client.get("/config").json()["components"]
            for one in components:
                for name in one["props"].get("server_fns") or ():
                    self._parts.setdefault(name, one["id"])
        return self._parts

    def call(self, function: str, /, **asked: Any) -> dict[str, Any]:
        """What a server function answers: {"ok": …} or {"problem": …}."""
        body = {
            "session_hash": self.session,
            "component_id": self.parts()[function],
            "fn_name": function,
            "data": asked,
        }
        answer = self.client.post("/gradio_api/component_server", json=body)
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        return found

    def ok(self, function: str, /, **asked: Any) -> dict[str, Any]:
        answer = self.call(function, **asked)
        assert "ok" in answer, answer
        found: dict[str, Any] = answer["ok"]
        return found

    def event(self, number: int, data: list[Any]) -> str:
        """All that the queue tells of an event of a page."""
        body = {"data": data, "fn_index": number, "session_hash": self.session, "event_data": None}
        joined = self.client.post("/gradio_api/queue/join", json=body)
        if joined.status_code != 200:
            return joined.text
        told = ""
        with self.client.stream(
            "GET", "/gradio_api/queue/data", params={"session_hash": self.session}
        ) as stream:
            for line in stream.iter_lines():
                told += line
                if '"process_completed"' in line or '"unexpected_error"' in line:
                    break
        return told

    def compare(self, models: tuple[str, ...] = ("base",), **sampling: Any) -> dict[str, Any]:
        return self.ok("compare_start", models=models, prompts=[PROMPT], sampling={**SAMPLING, **sampling})

    def answered(self, comparison_id: str) -> dict[str, Any]:
        """The comparison once it has ended."""
        deadline = time.monotonic() + _SECONDS
        while time.monotonic() < deadline:
            found = self.ok("compare_poll", id=comparison_id, version=-1)["view"]["comparison"]
            if found["status"] in ("done", "failed", "stopped"):
                return dict(found)
            time.sleep(0.2)
        raise AssertionError("The comparison was not answered in a minute.")

    def ballots(self, rater: str, n: int = 1) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.ok("vote_next", votes=OPEN, rater=rater, n=n)["ballots"]
        return found


def as_text(answer: Any) -> str:
    return answer if isinstance(answer, str) else json.dumps(answer)

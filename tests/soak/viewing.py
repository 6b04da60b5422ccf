"""A real app in a process of its own, and people over HTTP who ask what their browsers would ask, as often."""

import asyncio
import random
import re
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from rlft_gui.domain.home import Home
from rlft_gui.services.accounts.machine_token import machine_token

#: Seconds between two questions of one viewer, as the modules of a run's page have them.
RUN_PAGE = {"curves": 1.0, "run_facts": 1.0, "live_pill": 2.0, "run_log": 2.0, "run_samples": 3.0}
#: As those of the start page and of the list of runs have them.
HOME_PAGE = {"home_facts": 2.0, "live_pill": 2.0}
RUNS_PAGE = {"runs_page": 2.0, "live_pill": 2.0}

PATIENCE = 10.0  #: seconds after which a viewer's question counts as failed
START_SECONDS = 120.0


class App:
    """The app as a person starts it; yields its address and its process id. `command` is given a port and the home."""

    def __init__(self, home: Path, command: Sequence[str] = (sys.executable, "app.py")) -> None:
        self._command = [*command, "--port", "0", "--home", str(home)]

    def __enter__(self) -> tuple[str, int]:
        self._process = subprocess.Popen(self._command, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        told = self._process.stdout.readline()
        found = re.search(r"http://\S+/", told)
        assert found is not None, told
        _wait_for(found[0])
        return found[0], self._process.pid

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.communicate()


def signed_in(folder: Path) -> dict[str, str]:
    """What a program or a browser sends to be the owner of an app on this home."""
    return {"Authorization": f"Bearer {machine_token(Home(folder).token)}"}


def _wait_for(address: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        with suppress(httpx.TransportError):
            if httpx.get(f"{address}healthz").status_code == 200:
                return
        time.sleep(0.1)
    raise TimeoutError(f"The app at {address} did not answer within {START_SECONDS:g} seconds.")


@dataclass
class Seen:
    """What viewers met: seconds by question, seconds that the newest point was old, failures, bytes."""

    took: dict[str, list[float]] = field(default_factory=dict)
    late: list[float] = field(default_factory=list)
    failed: int = 0
    bytes: int = 0

    @property
    def all_took(self) -> list[float]:
        return [seconds for times in self.took.values() for seconds in times]


def parts(config: dict[str, Any]) -> dict[str, int]:
    """The number of the part that serves each question, from a page's configuration (`config?__page=run`)."""
    found: dict[str, int] = {}
    for component in config["components"]:
        for name in component["props"].get("server_fns") or []:
            found.setdefault(name, component["id"])
    return found


@dataclass
class Viewer:
    """One browser on one page; `run_id` is the run that it looks at, where the page has one."""

    client: httpx.AsyncClient
    parts: dict[str, int]
    run_id: str
    seen: Seen
    known: dict[str, Any] = field(default_factory=lambda: {"curves": "", "run_log": -1})

    async def ask(self, name: str, every: float, until: float) -> None:
        """One question again and again; a new one once there is an answer, as browsers do."""
        await asyncio.sleep(random.random() * every)
        while time.monotonic() < until:
            began = time.perf_counter()
            try:
                answer = await self.post(name, self._asked(name))
                self.seen.took.setdefault(name, []).append(time.perf_counter() - began)
                self._take(name, answer)
            except (httpx.HTTPError, KeyError):
                self.seen.failed += 1
            await asyncio.sleep(every)

    async def post(self, name: str, asked: dict[str, Any]) -> dict[str, Any]:
        """What a server function answers.

        Raises:
            httpx.HTTPError: no answer.
            KeyError: it answered that it cannot.
        """
        body = {"component_id": self.parts[name], "fn_name": name, "session_hash": "s", "data": asked}
        response = await self.client.post("gradio_api/component_server", json=body)
        response.raise_for_status()
        self.seen.bytes += response.num_bytes_downloaded
        found: dict[str, Any] = response.json()["ok"]
        return found

    def _asked(self, name: str) -> dict[str, Any]:
        if name == "curves":
            return {"runs": [[self.run_id, self.known[name]]], "names": None}
        if name.startswith("run_"):
            return {"run": self.run_id, "seen": self.known.get(name, "")}
        return {"seen": self.known.get(name, "")} if name == "home_facts" else {}

    def _take(self, name: str, answer: dict[str, Any]) -> None:
        if name == "curves":
            (run,) = answer["runs"]
            self.known[name] = run["cursor"]
            if clock := run["points"].get("clock"):
                self.seen.late.append(time.time() - clock["values"][-1])
        elif name == "run_log":
            self.known[name] = answer["total"]
        elif "version" in answer:
            self.known[name] = answer["version"]


async def look(
    address: str,
    headers: dict[str, str],
    run_ids: Sequence[str],
    viewers: int,
    seconds: float,
    questions: dict[str, float] = RUN_PAGE,
) -> Seen:
    """What so many viewers meet on the pages of these runs, one after another, for so long."""
    seen, until = Seen(), time.monotonic() + seconds
    # Connections of their own, as browsers have; hundreds of questions in one pool wait for the pool.
    clients = [
        httpx.AsyncClient(base_url=address, headers=headers, timeout=PATIENCE, verify=False)
        for _ in range(viewers)
    ]
    served = parts((await clients[0].get("config?__page=run")).json())
    people = [
        Viewer(client, served, run_ids[number % len(run_ids)], seen) for number, client in enumerate(clients)
    ]
    await asyncio.gather(
        *(one.ask(name, every, until) for one in people for name, every in questions.items())
    )
    for client in clients:
        await client.aclose()
    return seen

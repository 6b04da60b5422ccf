"""Fifty people look at a run that reports 4,000 points a second: how long their questions take, and how old the answers are.

A real app in a process of its own, a writer and a taker of its events in two more, and viewers over HTTP that ask what a
browser on the run's page asks, as often, for all 30 metrics. Version 0.2.0, on two cores: 39 of 50 polls of curves timed
out, memory went from 200 to 1,255 MB, rows were 50 s late. Then the same before trackio's dashboard.
"""

import asyncio
import json
import multiprocessing
import os
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from filelock import FileLock

from benchmarks import live_peer
from rlft_gui.domain.home import Home
from rlft_gui.keeper.ingest import Ingester
from rlft_gui.keeper.loop import PERIOD
from rlft_gui.services import open_services
from rlft_gui.services.accounts.machine_token import machine_token
from rlft_gui.storage import open_storage
from tests.fakes.pipelines import pipeline

VIEWERS, SECONDS = 50, 60.0
METRICS, STEPS_A_SECOND = 30, 133  #: 3,990 points a second
PATIENCE = 10.0  #: seconds after which a viewer's question counts as failed
#: Seconds between two questions of one viewer, as the modules of the page have them.
EVERY = {"curves": 1.0, "run_facts": 1.0, "live_pill": 2.0, "run_log": 2.0, "run_samples": 3.0}
LONGEST = 0.5  #: s, p99 of curves


@dataclass
class Seen:
    """What the viewers met: seconds by question, seconds that the newest point was old, failures, bytes."""

    took: dict[str, list[float]] = field(default_factory=lambda: {name: [] for name in EVERY})
    late: list[float] = field(default_factory=list)
    failed: int = 0
    bytes: int = 0


def main() -> None:
    """Print p50 and p99 of each question, failures, lateness of points, and the app's memory before and after."""
    folder = Path(tempfile.mkdtemp())
    try:
        run_id = _run(folder)
        with App(folder) as (address, process):
            before = live_peer.memory_of(process)
            helpers = [_start(_write, folder, run_id), _start(_take_in, folder, run_id)]
            seen = asyncio.run(_look(address, signed_in(folder), run_id))
            after = live_peer.memory_of(process)
            for helper in helpers:
                helper.join()
        _print(seen, before, after)
        peer = live_peer.look(
            folder / "trackio",
            viewers=VIEWERS,
            seconds=SECONDS,
            metrics=METRICS,
            steps_a_second=STEPS_A_SECOND,
            patience=PATIENCE,
        )
        print(live_peer.told(peer))
    finally:
        shutil.rmtree(folder)


def _print(seen: Seen, before: float, after: float) -> None:
    asked = sum(len(times) for times in seen.took.values())
    print(
        f"{VIEWERS} viewers of {METRICS * STEPS_A_SECOND:,} points a second, {SECONDS:.0f} s, "
        f"load {os.getloadavg()[0]:.1f} of {os.cpu_count()} processors"
    )
    for name, times in seen.took.items():
        target = f"   target ≤ {LONGEST} s" if name == "curves" else ""
        if len(times) > 1:
            print(f"  {name:12} p50 {statistics.median(times):6.3f} s   p99 {_p99(times):6.3f} s{target}")
    print(f"  failed       {seen.failed} of {asked + seen.failed}")
    print(f"  points late  p50 {statistics.median(seen.late):6.2f} s   p99 {_p99(seen.late):6.2f} s")
    print(f"  memory       {before:.0f} MB before, {after:.0f} MB after   read {seen.bytes / 1e6:.0f} MB")


def _p99(times: list[float]) -> float:
    return statistics.quantiles(times, n=100)[-1]


def _run(folder: Path) -> str:
    """A run that a keeper has started, without one."""
    services = open_services(folder)
    services.storage.transitions.add(pipeline("sft"), launch_id="live")
    claimed = services.storage.transitions.claim_next(("cpu",), "local")
    assert claimed is not None
    services.home.run(claimed[0].id).path.mkdir(parents=True)
    services.storage.close()
    return claimed[0].id


def signed_in(folder: Path) -> dict[str, str]:
    """What a program or a browser sends to be the owner of an app on this home."""
    return {"Authorization": f"Bearer {machine_token(Home(folder).token)}"}


class App:
    """The app as a person starts it; yields its address and its process id."""

    def __init__(self, folder: Path) -> None:
        command = [sys.executable, "app.py", "--port", "0", "--home", str(folder)]
        # The keeper would end a run that no process makes: its place is taken by `_take_in`, and until then by this.
        self._lock = FileLock(Home(folder).keeper_lock)
        self._lock.acquire()
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)

    def __enter__(self) -> tuple[str, int]:
        assert self._process.stdout is not None
        told = self._process.stdout.readline()
        found = re.search(r"http://\S+/", told)
        assert found is not None, told
        _wait_for(found[0])
        return found[0], self._process.pid

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait()
        self._lock.release()


def _wait_for(address: str) -> None:
    while True:
        with suppress(httpx.TransportError):
            if httpx.get(f"{address}healthz").status_code == 200:
                return
        time.sleep(0.1)


def _start(work: Any, folder: Path, run_id: str) -> multiprocessing.process.BaseProcess:
    process = multiprocessing.get_context("spawn").Process(target=work, args=(folder, run_id))
    process.start()
    return process


def _write(folder: Path, run_id: str) -> None:
    """Steps at a steady rate; the metric "clock" tells when each was made."""
    numbers, began, step = random.Random(0), time.time(), 0
    with Home(folder).run(run_id).events.open("ab", buffering=0) as file:
        file.write(_line(1, kind="state", state="running"))
        while (passed := time.time() - began) < SECONDS + 5:
            while step < passed * STEPS_A_SECOND:
                values = {f"m{metric}": numbers.random() for metric in range(METRICS - 1)}
                file.write(
                    _line(step + 2, kind="metrics", step=step, values={"clock": time.time(), **values})
                )
                step += 1
            time.sleep(0.005)


def _line(seq: int, **event: Any) -> bytes:
    return json.dumps({"attempt": 1, "seq": seq, "time": time.time(), **event}).encode() + b"\n"


def _take_in(folder: Path, run_id: str) -> None:
    """What a keeper does for one live run."""
    home, until = Home(folder), time.time() + SECONDS + 5
    storage = open_storage(home)
    ingester = Ingester(home, storage)
    while time.time() < until:
        ingester.ingest(run_id)
        time.sleep(PERIOD)
    storage.close()


async def _look(address: str, headers: dict[str, str], run_id: str) -> Seen:
    seen, until = Seen(), time.monotonic() + SECONDS
    # Connections of their own, as browsers have; hundreds of questions in one pool wait for the pool.
    clients = [
        httpx.AsyncClient(base_url=address, headers=headers, timeout=PATIENCE, verify=False)
        for _ in range(VIEWERS)
    ]
    parts = _parts((await clients[0].get("config?__page=run")).json())
    viewers = [_Viewer(client, parts, run_id, seen) for client in clients]
    await asyncio.gather(*(viewer.ask(name, until) for viewer in viewers for name in EVERY))
    for client in clients:
        await client.aclose()
    return seen


def _parts(config: dict[str, Any]) -> dict[str, int]:
    """The number of the part that serves each question."""
    found: dict[str, int] = {}
    for component in config["components"]:
        for name in component["props"].get("server_fns") or []:
            found.setdefault(name, component["id"])
    return found


@dataclass
class _Viewer:
    client: httpx.AsyncClient
    parts: dict[str, int]
    run_id: str
    seen: Seen
    known: dict[str, Any] = field(default_factory=lambda: {"curves": "", "run_facts": "", "run_log": -1})

    async def ask(self, name: str, until: float) -> None:
        """One question again and again; a new one once there is an answer, as browsers do."""
        await asyncio.sleep(random.random() * EVERY[name])
        while time.monotonic() < until:
            began = time.perf_counter()
            try:
                answer = await self._post(name)
                self.seen.took[name].append(time.perf_counter() - began)
                self._take(name, answer)
            except (httpx.HTTPError, KeyError):
                self.seen.failed += 1
            await asyncio.sleep(EVERY[name])

    async def _post(self, name: str) -> dict[str, Any]:
        asked = {
            "component_id": self.parts[name],
            "fn_name": name,
            "session_hash": "s",
            "data": self._asked(name),
        }
        response = await self.client.post("gradio_api/component_server", json=asked)
        response.raise_for_status()
        self.seen.bytes += response.num_bytes_downloaded
        found: dict[str, Any] = response.json()["ok"]
        return found

    def _asked(self, name: str) -> dict[str, Any]:
        if name == "curves":
            return {"runs": [[self.run_id, self.known[name]]], "names": None}
        if name == "live_pill":
            return {}
        return {"run": self.run_id, "seen": self.known.get(name, "")}

    def _take(self, name: str, answer: dict[str, Any]) -> None:
        if name == "curves":
            (run,) = answer["runs"]
            self.known[name] = run["cursor"]
            if clock := run["points"].get("clock"):
                self.seen.late.append(time.time() - clock["values"][-1])
        elif name == "run_log":
            self.known[name] = answer["total"]
        elif name != "live_pill":
            self.known[name] = answer["version"]


if __name__ == "__main__":
    main()

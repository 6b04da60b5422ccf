"""The same viewers before trackio's dashboard: each asks for the run's logs once a second, as its page does."""

import asyncio
import random
import re
import statistics
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from benchmarks import trackio_env


@dataclass
class PeerSeen:
    """Seconds that answers took, seconds that the newest point was old, failures, and MB before and after."""

    took: list[float] = field(default_factory=list)
    late: list[float] = field(default_factory=list)
    failed: int = 0
    memory: tuple[float, float] = (0.0, 0.0)


def look(
    folder: Path, *, viewers: int, seconds: float, metrics: int, steps_a_second: int, patience: float
) -> PeerSeen:
    """A dashboard and a writer in processes of their own, and the viewers here."""
    port = random.randint(20_000, 30_000)
    server = trackio_env.start(folder, "serve", port)
    address = f"http://127.0.0.1:{port}/"
    wait_for(address)
    before = memory_of(server.pid)
    writer = trackio_env.start(folder, "write", int(seconds) + 5, metrics, steps_a_second)
    seen = asyncio.run(_look(address, viewers, seconds, patience))
    seen.memory = before, memory_of(server.pid)
    for process in (server, writer):
        process.terminate()
        process.wait()
    return seen


def memory_of(process: int) -> float:
    """MB resident, by the kernel's count."""
    status = Path(f"/proc/{process}/status").read_text()
    return int(re.findall(r"VmRSS:\s+(\d+) kB", status)[0]) / 1000


def told(seen: PeerSeen) -> str:
    """In one line."""
    p99 = statistics.quantiles(seen.took, n=100)[-1]
    asked = len(seen.took) + seen.failed
    late = f"points late p50 {statistics.median(seen.late):.2f} s" if seen.late else "no point seen"
    return (
        f"  trackio {trackio_env.TRACKIO}: p50 {statistics.median(seen.took):.3f} s   p99 {p99:.3f} s   "
        f"failed {seen.failed} of {asked}   {late}   memory {seen.memory[0]:.0f} MB before, {seen.memory[1]:.0f} MB after"
    )


def wait_for(address: str) -> None:
    while True:
        with suppress(httpx.TransportError):
            if httpx.get(address).status_code == 200:
                return
        time.sleep(0.1)


async def _look(address: str, viewers: int, seconds: float, patience: float) -> PeerSeen:
    seen, until = PeerSeen(), time.monotonic() + seconds
    clients = [httpx.AsyncClient(base_url=address, timeout=patience, verify=False) for _ in range(viewers)]
    await asyncio.gather(*(_ask(client, seen, until) for client in clients))
    for client in clients:
        await client.aclose()
    return seen


async def _ask(client: httpx.AsyncClient, seen: PeerSeen, until: float) -> None:
    await asyncio.sleep(random.random())
    while time.monotonic() < until:
        began = time.perf_counter()
        try:
            response = await client.post("api/get_logs", json={"project": "peer", "run": "r0"})
            response.raise_for_status()
            seen.took.append(time.perf_counter() - began)
            if logs := response.json()["data"]:
                seen.late.append(time.time() - logs[-1]["clock"])
        except httpx.HTTPError:
            seen.failed += 1
        await asyncio.sleep(1.0)

"""What /metrics answers, for Prometheus: counts and times by kinds of addresses. No label holds a text of a user."""

import shutil
import time
from collections.abc import Iterable

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from rlft_gui.server.spool import Spool
from rlft_gui.services import Services

#: First parts of addresses and their kind; whatever else is asked is a page.
KINDS = {"rl": "file", "assets": "file", "static": "file", "logs": "log", "healthz": "health", "readyz": "health", "metrics": "health"}  # fmt: skip
CALLS = {
    "component_server": "function",
    "queue": "queue",
    "run": "event",
    "upload": "upload",
    "heartbeat": "stream",
}
STREAMED = ("stream", "queue")  #: open as long as their reader likes, so they have no time


class Figures:
    def __init__(self, services: Services, spool: Spool) -> None:
        self.registry = CollectorRegistry()
        self.registry.register(_Now(services, spool))
        self._requests = Counter(
            "rlft_requests",
            "Requests by kind of address and status.",
            ["kind", "status"],
            registry=self.registry,
        )
        self._seconds = Histogram(
            "rlft_request_seconds", "Seconds until the answer was whole.", ["kind"], registry=self.registry
        )

    def count(self, path: str, status: int, seconds: float) -> None:
        kind = kind_of(path)
        self._requests.labels(kind, str(status)).inc()
        if kind not in STREAMED:
            self._seconds.labels(kind).observe(seconds)

    def text(self) -> bytes:
        return generate_latest(self.registry)


class _Now(Collector):
    """What is looked up whenever somebody asks."""

    def __init__(self, services: Services, spool: Spool) -> None:
        self._services = services
        self._spool = spool

    def describe(self) -> Iterable[Metric]:
        return ()  # or the database would be asked while the app is made

    def collect(self) -> Iterable[Metric]:
        seen = self._services.runs.overview()
        oldest = min((run.created_at for run in seen.queued), default=None)
        free = shutil.disk_usage(self._services.home.path).free
        yield _gauge("rlft_runs_live", "Runs with a worker.", len(seen.live))
        yield _gauge("rlft_runs_queued", "Runs that wait.", len(seen.queued))
        waited = 0 if oldest is None else max(0, time.time() - oldest)
        yield _gauge("rlft_oldest_queued_seconds", "How long the oldest waiting run has waited.", waited)
        yield _gauge(
            "rlft_database_writes",
            "Write transactions of this process.",
            self._services.storage.database.writes,
        )
        yield _gauge("rlft_disk_free_bytes", "Free on the disk of the home.", free)
        yield _gauge("rlft_uploads_waiting_bytes", "Uploads that wait or are under way.", self._spool.bytes)
        yield _gauge("rlft_uploads_waiting_files", "Uploads that wait.", self._spool.files)


def kind_of(path: str) -> str:
    first, _, rest = path.removeprefix("/").partition("/")
    if first == "gradio_api":
        return CALLS.get(rest.split("/")[0], "other")
    return KINDS.get(first, "page")


def _gauge(name: str, told: str, value: float) -> Metric:
    return GaugeMetricFamily(name, told, value=value)

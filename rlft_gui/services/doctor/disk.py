"""How much room is left, and what takes it."""

import shutil

from rlft_gui.domain.home import Home
from rlft_gui.services.doctor.finding import Finding
from rlft_gui.services.runs.bin import bytes_of
from rlft_gui.storage.look import Look

_NAME = "disk"
_LEAST = 1_000_000_000  #: bytes
_MOST_RUNS = 5


def check(home: Home, seen: Look) -> tuple[Finding, ...]:
    free = shutil.disk_usage(home.path).free
    is_tight = free < _LEAST
    more = " Empty the bin (`rlft bin empty`), or move the home to another disk." if is_tight else ""
    runs = {one.name: bytes_of(one) for one in home.runs.glob("*")} if home.runs.is_dir() else {}
    binned = sum(runs.get(run_id, 0) for run_id, _ in seen.deleted)
    told = (
        f"Runs take {_mb(sum(runs.values()) - binned)}, the bin {_mb(binned)}, datasets {_mb(bytes_of(home.datasets))}, "
        f"models {_mb(bytes_of(home.models))}, the database {_mb(sum(one.stat().st_size for one in home.path.glob('rlft.db*')))}."
    )
    largest = sorted(runs.items(), key=lambda one: -one[1])[:_MOST_RUNS]
    names = ", ".join(f"{name} {_mb(size)}" for name, size in largest)
    return (
        Finding(_NAME, "person" if is_tight else "good", f"{_mb(free)} are free.{more}"),
        Finding(_NAME, "told", told + (f" The largest runs: {names}." if names else "")),
    )


def _mb(size: int) -> str:
    return f"{size / 1e9:.1f} GB" if size >= 1e9 else f"{size / 1e6:.1f} MB"

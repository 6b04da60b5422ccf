"""Do rows and folders tell of the same runs, checkpoints and datasets? A person made these, so nothing is repaired here
but checkpoints that were never finished."""

import re
from functools import partial
from pathlib import Path

from rlft_gui.domain.home import Home
from rlft_gui.services.doctor.finding import Finding
from rlft_gui.storage.look import Look
from rlft_gui.training.models.checkpoints import complete_steps, discard

_NAME = "orphans"
_MOST = 10  #: of each kind that are named


def check(home: Home, seen: Look) -> tuple[Finding, ...]:
    if seen.schema is None or seen.trouble:
        return (
            Finding(
                _NAME, "blind", "Without a database that can be read, folders cannot be compared with it."
            ),
        )
    folders = _named(home.runs, r"[A-Za-z0-9_].*")
    live = {run_id for run_id, _ in seen.live}
    lost = [
        run_id
        for run_id, step in seen.checkpoints
        if run_id in folders and step not in complete_steps(home.run(run_id))
    ]
    data = _named(home.datasets, r"d-[0-9a-f]{10}")
    found = (
        *_told(folders - seen.runs, "{0} in {1} has no row. Look at it, then move it away.", home.runs),
        *_told(
            seen.begun - folders,
            "Run {0} has lost its folder in {1}. Delete it, or restore a backup.",
            home.runs,
        ),
        *_told(
            set(lost),
            "The last checkpoint of {0} in {1} is not complete. Restore a backup for it.",
            home.runs,
        ),
        *_told(
            seen.datasets - data,
            "Dataset {0} has lost its folder in {1}. Restore a backup, or delete it.",
            home.datasets,
        ),
        *_told(data - seen.datasets, "{0} in {1} has no row. Add its rows.jsonl again.", home.datasets),
        *(finding for run_id in sorted(folders & seen.runs - live) for finding in _torn(home, run_id)),
    )
    return found or (
        Finding(_NAME, "good", f"{len(folders)} runs and {len(data)} datasets have rows and folders."),
    )


def _named(folder: Path, pattern: str) -> set[str]:
    if not folder.is_dir():
        return set()
    return {one.name for one in folder.iterdir() if one.is_dir() and re.fullmatch(pattern, one.name)}


def _told(names: set[str] | frozenset[str], sentence: str, where: Path) -> tuple[Finding, ...]:
    shown = sorted(names)[:_MOST]
    found = [Finding(_NAME, "person", sentence.format(name, where)) for name in shown]
    if len(names) > _MOST:
        found.append(Finding(_NAME, "person", f"And {len(names) - _MOST} more of this kind in {where}."))
    return tuple(found)


def _torn(home: Home, run_id: str) -> list[Finding]:
    folder = home.run(run_id)
    whole = {folder.checkpoint(step) for step in complete_steps(folder)}
    torn = [path for path in folder.checkpoints.glob("step-*") if path not in whole]
    return [
        Finding(_NAME, "repair", f"{path} was never finished. It is removed.", partial(discard, path))
        for path in torn
    ]

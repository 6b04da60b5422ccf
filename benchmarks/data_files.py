"""200 MB of JSONL read, its shape found, every row checked and rewritten: seconds and memory beside two libraries that read
the same file and check nothing, `datasets.load_dataset("json")` and polars. Each in a process of its own.
"""

import json
import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path

SIZE = 199_000_000  #: bytes; at most 200 MB are read
TARGET_RATIO, TARGET_MEGABYTES = 1.5, 500
WORDS = (
    "the",
    "model",
    "answers",
    "questions",
    "about",
    "water",
    "and",
    "light",
    "with",
    "care",
    "while",
    "people",
    "read",
)
POLARS = "polars==1.35.2"

_OURS = """
from pathlib import Path
from rlft_gui.data.inspection import inspect
found = inspect(Path(FILE), "data.jsonl")
print(found.type, len(found.rows))
"""
_DATASETS = """
import tempfile
from datasets import load_dataset, disable_progress_bars
disable_progress_bars()
with tempfile.TemporaryDirectory() as cache:
    print("rows", load_dataset("json", data_files=FILE, split="train", cache_dir=cache).num_rows)
"""
_POLARS = """
import polars
print("rows", polars.read_ndjson(FILE).height)
"""
_MEASURED = """
import resource, time
FILE = {file!r}
{imports}
begun = time.monotonic()
{code}
print(time.monotonic() - begun, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def main() -> None:
    """Print seconds and peak memory of each reader, and ours as a ratio to the faster of the others."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "data.jsonl"
        _write(file)
        polars = Path(folder) / "polars"
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--target", str(polars), POLARS]
        subprocess.run(pip, check=True)
        print(f"{file.stat().st_size / 1e6:,.0f} MB of JSONL, load {os.getloadavg()[0]:.1f}")
        ours = _measured("rlft_gui", "import rlft_gui.data.inspection", _OURS, file)
        peers = [
            _measured("datasets", "import datasets", _DATASETS, file),
            _measured("polars", "import polars", _POLARS, file, str(polars)),
        ]
    ratio = ours[0] / min(seconds for seconds, _ in peers)
    print(
        f"  ours / the faster one {ratio:.2f} (target ≤ {TARGET_RATIO}); {ours[1]:,.0f} MB (target ≤ {TARGET_MEGABYTES})"
    )


def _write(file: Path) -> None:
    """Preferences of two to four hundred words, no two alike."""
    rng = random.Random(0)
    with file.open("w") as stream:
        number = 0
        while stream.tell() < SIZE:
            number += 1
            texts = [" ".join(rng.choices(WORDS, k=rng.randrange(20, 200))) for _ in range(3)]
            row = {"prompt": f"{number}: {texts[0]}", "chosen": texts[1], "rejected": texts[2], "id": number}
            stream.write(json.dumps(row) + "\n")


def _measured(name: str, imports: str, code: str, file: Path, path: str = "") -> tuple[float, float]:
    """Seconds, imports aside, and the most MB that the process held."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([path, os.environ.get("PYTHONPATH", "")])}
    script = _MEASURED.format(file=str(file), imports=imports, code=code)
    done = subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True, env=environment
    )
    *_, said, figures = done.stdout.splitlines()
    seconds, megabytes = (float(figure) for figure in figures.split())
    print(f"  {name:10} {seconds:6.2f} s {megabytes:8,.0f} MB   {said}")
    return seconds, megabytes


if __name__ == "__main__":
    main()

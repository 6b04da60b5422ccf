"""Files that are made to cost memory: each is refused in one sentence by a process that never holds much."""

import gzip
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(300),
    pytest.mark.skipif(sys.platform != "linux", reason="a process tells its peak there"),
]

MOST_MB = 500
LOOK = """
import sys
from pathlib import Path
from rlft_gui.data.inspection import inspect
from rlft_gui.domain.errors import InvalidInput
try:
    inspect(Path(sys.argv[1]), "data.csv")
except InvalidInput as refusal:
    print(refusal)
# Not ru_maxrss, which begins with what the parent held when it forked.
print(next(int(line.split()[1]) // 1024 for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""


def sharing(text: str, rows: int) -> pa.DictionaryArray:
    """Rows that share one text, which lies in memory and in the file once."""
    return pa.DictionaryArray.from_arrays(pa.array([0] * rows, pa.int32()), pa.array([text]))


def shared_text(path: Path) -> None:
    """Twenty thousand rows that share one text of 900 kB: 800 bytes on disk, 18 GB when they are read."""
    table = pa.table({"prompt": sharing("x" * 900_000, 20_000), "completion": ["b"] * 20_000})
    parquet.write_table(table, path, compression="zstd")


def many_rows(path: Path) -> None:
    parquet.write_table(pa.table({"prompt": sharing("x" * 1000, 3_000_000)}), path)


MADE: dict[str, tuple[Callable[[Path], object], str]] = {
    "a line of 199 MB": (lambda p: p.write_bytes(b'{"prompt": "' + b"a" * 199_000_000 + b'"}'), "row 1 is longer than 1,000,000 bytes"),
    "five million rows in a list": (lambda p: p.write_bytes(b"[" + b'{"prompt": "a"},' * 5_000_000 + b"{}]"), "more than 200,000 rows"),
    "six million rows in lines": (lambda p: p.write_bytes(b'{"prompt": "a", "n": 1}\n' * 6_000_000), "more than 200,000 rows"),
    "gzip that opens to 310 MB": (lambda p: p.write_bytes(gzip.compress(b'{"prompt":"a","completion":"b"}\n' * 10_000_000)), "opens to more than the 200,000,000 bytes"),
    "a quote never closed": (lambda p: p.write_bytes(b'prompt,completion\n"' + b"a,b\n" * 40_000_000), "more than 200,000 rows"),
    "a quote never closed on few lines": (lambda p: p.write_bytes(b'prompt,completion\n"' + b"a" * 150_000_000), "row 2 is longer than 1,000,000 bytes, as where a quote"),
    "a million columns": (lambda p: p.write_bytes(b"," * 190_000_000 + b"\na"), "more than 1,000 columns"),
    "twenty million rows of a table": (lambda p: p.write_bytes(b"prompt,completion\n" + b"a,b\n" * 20_000_000), "more than 200,000 rows"),
    "the same in UTF-16": (lambda p: p.write_bytes(("prompt,completion\n" + "a,b\n" * 20_000_000).encode("utf-16")), "more than 200,000 rows"),
    "the same in Windows-1252": (lambda p: p.write_bytes(b"prompt,completion\n" + b"caf\xe9,b\n" * 16_000_000), "more than 200,000 rows"),
    "rows that share a text": (shared_text, "opens to more than the 200,000,000 characters"),
    "three million rows of Parquet": (many_rows, "more than 200,000 rows"),
    "an object of eight million keys": (lambda p: p.write_bytes(b"{" + b'"key": [1],' * 8_000_000 + b"}"), "row 1 is longer than 1,000,000 bytes"),
}  # fmt: skip


@pytest.mark.parametrize("name", MADE)
def test_what_is_made_to_cost_memory_is_refused_and_costs_little(tmp_path: Path, name: str) -> None:
    make, told = MADE[name]
    make(tmp_path / "data")
    done = subprocess.run(
        [sys.executable, "-c", LOOK, str(tmp_path / "data")], capture_output=True, text=True, check=True
    )
    sentence, megabytes = done.stdout.splitlines()
    assert told in sentence
    assert int(megabytes) < MOST_MB
    (tmp_path / "data").unlink()

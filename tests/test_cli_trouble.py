"""The command line over a home in trouble: one sentence, exit code 2, no traceback, nothing half-done."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.broken_homes import damage, held, spoil
from tests.fakes.pipelines import world
from tests.test_cli import rlft


def told(done: subprocess.CompletedProcess[str]) -> str:
    """The one sentence on standard error."""
    assert (done.returncode, done.stdout) == (2, ""), done.stderr
    assert "Traceback" not in done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    return done.stderr


@pytest.mark.slow
def test_a_held_lock(tmp_path: Path) -> None:
    """It takes the ten seconds for which a write waits."""
    rlft(tmp_path, "runs")
    with held(tmp_path / "rlft.db"):
        assert "nothing was changed" in told(rlft(tmp_path, "train", "lantern-sft"))
    assert rlft(tmp_path, "runs").stdout == ""


def test_a_damaged_page(tmp_path: Path) -> None:
    with world(tmp_path) as here:
        here.add()
    damage(tmp_path / "rlft.db")

    assert "is damaged" in told(rlft(tmp_path, "runs"))


def test_a_file_in_place_of_the_database(tmp_path: Path) -> None:
    (tmp_path / "rlft.db").write_bytes(b"no database, " * 1000)

    assert "cannot be read as a database" in told(rlft(tmp_path, "runs"))


@pytest.mark.parametrize("place", ["file", "file/below"])
def test_a_file_in_place_of_the_home(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").touch()

    assert "a file is where a folder is needed" in told(rlft(tmp_path / place, "runs"))


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 300 kB, where one can be mounted. A folder's own mode would not keep root from writing."""
    disk = tmp_path / "disk"
    disk.mkdir()
    size = ["mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", str(disk)]
    if subprocess.run(size, capture_output=True, check=False).returncode:
        pytest.skip("no file system can be mounted here")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


@pytest.mark.parametrize("made", [False, True], ids=["new", "made before"])
def test_a_home_that_can_only_be_read(small_disk: Path, made: bool) -> None:
    if made:
        rlft(small_disk / "home", "runs")
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)

    assert "Make it writable" in told(rlft(small_disk / "home", "runs"))


def test_a_full_disk(small_disk: Path, tmp_path: Path) -> None:
    rlft(small_disk / "home", "runs")
    with (small_disk / "rest").open("wb", buffering=0) as file:
        while True:
            try:
                file.write(b"x" * 4096)
            except OSError:
                break

    assert "make room" in told(rlft(small_disk / "home", "train", "lantern-sft", "--detach"))
    rows = tmp_path / "rows.jsonl"
    rows.write_text('{"prompt": "Why?", "completion": "Because."}')
    refusal = told(rlft(small_disk / "home", "data", "add", str(rows)))
    assert "No space left on device. Nothing was kept of it." in refusal
    (small_disk / "rest").unlink()
    assert rlft(small_disk / "home", "runs").stdout == ""


def test_a_bad_row_is_one_bad_row(tmp_path: Path) -> None:
    with world(tmp_path) as here:
        good, bad = here.add().runs[0], here.add().runs[0]
    spoil(tmp_path / "rlft.db", "run", "recipe", bad.id, '{"no": "recipe"}')

    done = rlft(tmp_path, "runs")
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert [line.split()[0] for line in lines if not line.startswith(" ")] == [bad.id, good.id]
    assert f"The stored recipe of run {bad.id} cannot be read" in lines[1]


@pytest.mark.slow
@pytest.mark.parametrize(
    "command", [("runs",), ("train", "lantern-sft"), ("serve", "--port", "0")], ids=" ".join
)
@pytest.mark.parametrize("place", ["/proc", "/sys", "/dev", "pipe", "file", "file/below", "x" * 300])
def test_no_command_hangs_in_a_place_that_can_be_no_home(
    tmp_path: Path, place: str, command: tuple[str, ...]
) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "file").touch()

    told(rlft(tmp_path / place, *command))

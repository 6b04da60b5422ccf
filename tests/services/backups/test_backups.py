"""A home goes into one file and comes back as it was, while others write; nothing half is ever left."""

import io
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tarfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rlft_gui.domain.errors import InvalidInput, NotFound, NotPossibleNow
from rlft_gui.domain.home import Home
from rlft_gui.domain.status import RunStatus
from rlft_gui.services.backups import back_up, restore
from rlft_gui.services.backups.manifest import MANIFEST, Manifest
from rlft_gui.services.backups.names import is_member
from rlft_gui.services.backups.reading import checked
from rlft_gui.services.keeper_process import KeeperStarter
from rlft_gui.services.runs.service import Runs
from rlft_gui.storage import SCHEMA, open_storage
from rlft_gui.training.models.checkpoints import (
    CheckpointMarker,
    complete_steps,
    damage,
    mark_complete,
    marker,
)
from tests.fakes.pipelines import KEEPER, World, wait_until, world

ROOM = 10**9
ARCHIVE = Path(__file__).parents[2] / "fixtures/home-0.2.0.tar.gz"
SCHEMAS = sorted((Path(__file__).parents[2] / "storage/schemas").glob("*.db"))


@pytest.fixture
def here(tmp_path: Path) -> Iterator[World]:
    with world(tmp_path / "home") as made:
        yield made


def _filled(here: World) -> str:
    """A run that ended, with a checkpoint, a torn one, drafts, a lock; a dataset; and secrets beside them."""
    here.add_run()
    claimed = here.storage.transitions.claim_next(("cpu",), "local")
    assert claimed is not None
    run, home = claimed[0], here.home
    folder = home.run(run.id)
    for step in (4, 8):
        path = folder.checkpoint(step)
        path.mkdir(parents=True)
        (path / "weights.safetensors").write_bytes(os.urandom(50_000))
    mark_complete(
        folder.checkpoint(4),
        CheckpointMarker(step=4, stage="sft", base="lantern", base_hash="x", kind="adapter"),
    )
    folder.events.write_bytes(b'{"whole": 1}\n{"torn')
    folder.recipe.write_text("{}")
    for name in ("worker.lock", "session.json", "recipe.json.12.draft"):
        (folder.path / name).write_text("of a process")
    home.dataset("d-0123456789").mkdir(parents=True)
    (home.dataset("d-0123456789") / "rows.jsonl").write_text('{"prompt": "a"}\n')
    home.inference.mkdir()
    (home.inference / "address.json").write_text('{"token": "secret-token"}')
    (home.path / "access-token").write_text("secret-token")
    here.storage.transitions.settle(run, RunStatus.FAILED, "It failed.", "")
    return run.id


def _names(file: Path) -> list[str]:
    return [member.name for member in checked(file, ROOM).members]


def _packed(file: Path, *members: tuple[tarfile.TarInfo, bytes], form: int = tarfile.GNU_FORMAT) -> Path:
    with (
        pa.CompressedOutputStream(pa.OSFile(str(file), "w"), "zstd") as out,
        tarfile.open(fileobj=out, mode="w|", format=form) as archive,
    ):
        for header, content in members:
            header.size = len(content)
            archive.addfile(header, io.BytesIO(content))
    return file


def test_a_home_comes_back_as_it_was_without_what_is_torn_passing_or_secret(
    here: World, tmp_path: Path
) -> None:
    run_id = _filled(here)
    file = tmp_path / "backup.tar.zst"
    manifest = back_up(here.home, here.storage, file)
    assert manifest.counts.model_dump() == {"runs": 1, "checkpoints": 1, "datasets": 1, "models": 0}
    assert manifest.schema_version == SCHEMA
    assert _names(file) == [
        "datasets/d-0123456789/rows.jsonl",
        "rlft.db",
        f"runs/{run_id}/checkpoints/step-4/complete.json",
        f"runs/{run_id}/checkpoints/step-4/weights.safetensors",
        f"runs/{run_id}/events.jsonl",
        f"runs/{run_id}/recipe.json",
    ]
    assert not any(here.home.staging.iterdir())
    home = Home(tmp_path / "restored")
    done = restore(file, home, replace=False)
    assert (done.aside, home.path.stat().st_mode & 0o777) == (None, 0o700)
    folder = home.run(run_id)
    assert damage(folder.checkpoint(4), marker(folder, 4)) is None
    assert folder.events.read_bytes() == b'{"whole": 1}\n'
    storage = open_storage(home)
    runs = Runs(home, storage)
    assert runs.list() == here.runs.list()
    with storage.write() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
    storage.close()


def test_a_run_in_the_bin_is_in_a_backup(here: World, tmp_path: Path) -> None:
    run_id = _filled(here)
    here.runs.delete(run_id, user="local")
    back_up(here.home, here.storage, tmp_path / "b")
    restore(tmp_path / "b", Home(tmp_path / "restored"), replace=False)
    storage = open_storage(Home(tmp_path / "restored"))
    Runs(Home(tmp_path / "restored"), storage).bin.restore(run_id, user="local")
    assert complete_steps(Home(tmp_path / "restored").run(run_id)) == [4]
    storage.close()


def test_no_secret_is_in_a_backup(here: World, tmp_path: Path) -> None:
    _filled(here)
    back_up(here.home, here.storage, tmp_path / "b")
    with pa.CompressedInputStream(pa.OSFile(str(tmp_path / "b")), "zstd") as content:
        assert b"secret-token" not in content.read()


def test_a_place_that_is_taken_is_refused_and_left_alone(here: World, tmp_path: Path) -> None:
    _filled(here)
    (tmp_path / "b").write_text("mine")
    with pytest.raises(InvalidInput, match="is there already"):
        back_up(here.home, here.storage, tmp_path / "b")
    with pytest.raises(NotFound, match="There is no folder"):
        back_up(here.home, here.storage, tmp_path / "no/b")
    assert (tmp_path / "b").read_text() == "mine"
    back_up(here.home, here.storage, tmp_path / "c")
    with pytest.raises(NotPossibleNow, match=r"is not empty.*--replace"):
        restore(tmp_path / "c", here.home, replace=False)


def test_a_disk_without_room_is_asked_first(
    here: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _filled(here)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: type("Free", (), {"free": 10})())
    with pytest.raises(NotPossibleNow, match=r"may take 0\.0 GB, and .* has 0\.0 GB free"):
        back_up(here.home, here.storage, tmp_path / "b")
    assert list(tmp_path.glob("*b*")) == []


def test_a_disk_that_fills_leaves_no_half_file(
    here: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _filled(here)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        back_up(here.home, here.storage, tmp_path / "b")
    assert [path.name for path in tmp_path.iterdir()] == ["home"]
    assert not any(here.home.staging.iterdir())


def test_replacing_moves_the_old_home_aside(here: World, tmp_path: Path) -> None:
    run_id = _filled(here)
    back_up(here.home, here.storage, tmp_path / "b")
    other = Home(tmp_path / "other")
    storage = open_storage(other)
    storage.close()
    (other.path / "mine").write_text("kept")
    done = restore(tmp_path / "b", other, replace=True)
    assert done.aside is not None
    assert (done.aside / "mine").read_text() == "kept"
    assert other.run(run_id).path.is_dir()


def test_a_home_that_a_process_uses_is_not_replaced(here: World, tmp_path: Path) -> None:
    _filled(here)
    back_up(here.home, here.storage, tmp_path / "b")
    code = (
        "import sys; from pathlib import Path; from rlft_gui.services import open_services\n"
        "s = open_services(Path(sys.argv[1])); s.runs.list(); print('ready', flush=True); input()"
    )
    other = tmp_path / "other"
    command = [sys.executable, "-c", code, str(other)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as user:
        assert user.stdout is not None
        user.stdout.readline()
        with pytest.raises(NotPossibleNow, match=f"is in use by .*process {user.pid}"):
            restore(tmp_path / "b", Home(other), replace=True)
        user.communicate(b"\n")
    restore(tmp_path / "b", Home(other), replace=True)


@pytest.mark.parametrize("place", [0.02, 0.3, 0.6, 0.9])
def test_a_changed_byte_is_found_and_nothing_is_written(here: World, tmp_path: Path, place: float) -> None:
    _filled(here)
    back_up(here.home, here.storage, tmp_path / "b")
    content = bytearray((tmp_path / "b").read_bytes())
    content[int(len(content) * place)] ^= 0x10
    (tmp_path / "b").write_bytes(content)
    with pytest.raises(InvalidInput, match="is damaged") as told:
        restore(tmp_path / "b", Home(tmp_path / "restored"), replace=False)
    assert any(word in str(told.value) for word in ("rlft.db", "runs/", "datasets/", "manifest", "beginning"))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b", "home"]


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.99])
def test_a_file_that_is_cut_off_is_refused(here: World, tmp_path: Path, share: float) -> None:
    _filled(here)
    back_up(here.home, here.storage, tmp_path / "b")
    content = (tmp_path / "b").read_bytes()
    (tmp_path / "b").write_bytes(content[: int(len(content) * share)])
    with pytest.raises(InvalidInput, match=r"damaged|cut off"):
        restore(tmp_path / "b", Home(tmp_path / "restored"), replace=False)


def test_what_is_no_backup_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "b"
    file.write_bytes(b"no archive at all " * 100)
    with pytest.raises(InvalidInput, match="damaged or no backup"):
        checked(file, ROOM)
    with pytest.raises(InvalidInput, match="damaged or no backup"):
        checked(ARCHIVE, ROOM)
    with pytest.raises(NotFound, match="There is no file"):
        checked(tmp_path / "nowhere", ROOM)
    with pytest.raises(InvalidInput, match="which none holds"):
        checked(_packed(file, (tarfile.TarInfo("photos/cat.jpg"), b"x")), ROOM)
    with pytest.raises(InvalidInput, match="it has no manifest"):
        checked(_packed(file, (tarfile.TarInfo("runs/a/events.jsonl"), b"x")), ROOM)


@pytest.mark.parametrize(
    "kind",
    [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE],
)
def test_only_plain_files_are_members(tmp_path: Path, kind: bytes) -> None:
    header = tarfile.TarInfo("runs/a/events.jsonl")
    header.type, header.linkname = kind, "/etc/passwd"
    with pytest.raises(InvalidInput, match="is no plain file"):
        checked(_packed(tmp_path / "b", (header, b"")), ROOM)


def test_headers_that_announce_more_headers_are_refused_unread(tmp_path: Path) -> None:
    header = tarfile.TarInfo("runs/a/events.jsonl")
    header.pax_headers = {"comment": "x" * 1000}
    with pytest.raises(InvalidInput, match="is no plain file"):
        checked(_packed(tmp_path / "b", (header, b""), form=tarfile.PAX_FORMAT), ROOM)


def test_a_bomb_is_refused_once_it_is_larger_than_the_room(tmp_path: Path) -> None:
    file = _packed(tmp_path / "b", (tarfile.TarInfo("runs/a/events.jsonl"), bytes(200_000_000)))
    assert file.stat().st_size < 100_000
    with pytest.raises(InvalidInput, match="more than there is room for"):
        checked(file, 100_000_000)


def test_a_member_twice_or_one_that_the_manifest_lacks_is_refused(here: World, tmp_path: Path) -> None:
    one = tarfile.TarInfo("runs/a/events.jsonl")
    with pytest.raises(InvalidInput, match="one member too many"):
        checked(_packed(tmp_path / "b", (one, b"x"), (one, b"x")), ROOM)
    back_up(here.home, here.storage, tmp_path / "c")
    manifest = checked(tmp_path / "c", ROOM).model_copy(update={"members": ()})
    told = manifest.model_dump_json().encode()
    with pytest.raises(InvalidInput, match="its manifest lacks"):
        checked(_packed(tmp_path / "d", (one, b"x"), (tarfile.TarInfo(MANIFEST), told)), ROOM)


def test_a_backup_of_a_newer_version_is_refused_in_a_sentence(here: World, tmp_path: Path) -> None:
    manifest = back_up(here.home, here.storage, tmp_path / "b")
    newer: Manifest = manifest.model_copy(update={"schema_version": "9999", "version": "9.9", "members": ()})
    told = (tarfile.TarInfo(MANIFEST), newer.model_dump_json().encode())
    with pytest.raises(NotPossibleNow, match=r"newer version \(9\.9, schema 9999"):
        restore(_packed(tmp_path / "c", told), Home(tmp_path / "restored"), replace=False)


@pytest.mark.parametrize("schema", SCHEMAS, ids=lambda file: file.stem)
def test_a_backup_of_an_older_version_is_brought_up_to_date(
    here: World, tmp_path: Path, schema: Path
) -> None:
    import hashlib

    content = schema.read_bytes()
    manifest = back_up(here.home, here.storage, tmp_path / "b")
    member = manifest.members[0].model_copy(
        update={"name": "rlft.db", "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    )
    older = manifest.model_copy(update={"schema_version": schema.stem, "members": (member,)})
    told = older.model_dump_json().encode()
    file = _packed(tmp_path / "c", (tarfile.TarInfo("rlft.db"), content), (tarfile.TarInfo(MANIFEST), told))
    restore(file, Home(tmp_path / "restored"), replace=False)
    storage = open_storage(Home(tmp_path / "restored"))
    assert len(storage.runs.list()) == 2
    storage.close()


@given(st.text(st.characters(codec="utf-8"), max_size=60))
def test_no_name_that_is_accepted_leaves_the_home(name: str) -> None:
    home = Path("/somewhere/home")
    for one in (name, f"runs/{name}", f"runs/a/{name}/b", f"{name}/runs/a"):
        if is_member(one):
            assert os.path.normpath(home / one) == str(home / one)
            assert "\\" not in one
            assert one.isprintable()
            assert one.split("/")[0] in ("runs", "datasets", "models", "rlft.db", MANIFEST)


@given(st.lists(st.sampled_from(["..", ".", "", "a", "runs", "/", "~", ".ssh", "a\\b", "a\0"]), max_size=6))
def test_names_that_climb_or_hide_are_refused(parts: list[str]) -> None:
    name = "/".join(["runs", *parts])
    if is_member(name):
        assert not {"..", ".", "", ".ssh", "/", "a\\b", "a\0"} & set(parts)


# ── while others write, and with processes that are killed ──


def test_a_backup_is_of_one_moment_while_somebody_writes(here: World, tmp_path: Path) -> None:
    _filled(here)
    done = threading.Event()

    def write() -> None:
        while not done.is_set():
            here.add_run()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(5):
            back_up(here.home, here.storage, tmp_path / f"b{number}")
    finally:
        done.set()
        writer.join()
    counts = []
    for number in range(5):
        restore(tmp_path / f"b{number}", Home(tmp_path / f"r{number}"), replace=False)
        connection = sqlite3.connect(tmp_path / f"r{number}/rlft.db")
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        pipelines, runs = (
            connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("pipeline", "run")
        )
        assert pipelines == runs
        counts.append(runs)
        connection.close()
    assert counts == sorted(counts)


@pytest.mark.slow
def test_a_live_run_is_restored_as_killed_and_resumes_to_the_same_numbers(
    here: World, tmp_path: Path
) -> None:
    run = here.add_run(steps=20, hold=[10])
    here.runs.tend()
    here.wait_step(run, 10)
    back_up(here.home, here.storage, tmp_path / "b")
    here.let_go(run, 10)
    assert here.wait_ended(run).status is RunStatus.SUCCEEDED
    wait_until(lambda: not here.pids("supervisor"))
    home = Home(tmp_path / "restored")
    restore(tmp_path / "b", home, replace=False)
    storage, keeper = open_storage(home), KeeperStarter(home, KEEPER)
    again = World(home, storage, keeper, Runs(home, storage, keeper))
    killed = again.wait_ended(run)
    assert killed.status is RunStatus.FAILED
    assert "killed" in (killed.reason or "")
    assert "step 8" in (killed.reason or "")
    assert complete_steps(home.run(run.id))[-1] == 8
    again.runs.resume(run.id, user="local")
    again.wait_step(run, 10)
    again.let_go(run, 10)
    assert again.wait_ended(run).status is RunStatus.SUCCEEDED
    assert again.runs.metrics(run.id) == here.runs.metrics(run.id)
    wait_until(lambda: not again.pids("supervisor") and not again.pids("keeper"))
    storage.close()


def _rlft(*words: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", "rlft_gui", *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


@pytest.mark.slow
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_a_backup_that_is_killed_leaves_nothing_half(
    here: World, tmp_path: Path, how: signal.Signals
) -> None:
    run_id = _filled(here)
    big = here.home.dataset("d-0123456789") / "rows.jsonl"
    big.write_bytes(os.urandom(60_000_000))
    for _ in range(4):
        backup = _rlft("backup", str(tmp_path / "b"), "--home", str(here.home.path))
        time.sleep(random.uniform(0.5, 4.0))
        backup.send_signal(how)
        backup.wait()
        if (tmp_path / "b").exists():
            checked(tmp_path / "b", ROOM)
            (tmp_path / "b").unlink()
    back_up(here.home, here.storage, tmp_path / "b")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b", "home"]
    assert complete_steps(here.home.run(run_id)) == [4]


@pytest.mark.slow
def test_a_restore_that_is_killed_leaves_nothing_or_the_whole(here: World, tmp_path: Path) -> None:
    run_id = _filled(here)
    big = here.home.dataset("d-0123456789") / "rows.jsonl"
    big.write_bytes(os.urandom(60_000_000))
    back_up(here.home, here.storage, tmp_path / "b")
    place = tmp_path / "restored"
    for _ in range(5):
        one = _rlft("restore", str(tmp_path / "b"), "--home", str(place))
        time.sleep(random.uniform(0.5, 4.0))
        one.kill()
        one.wait()
        if place.exists():
            assert complete_steps(Home(place).run(run_id)) == [4]
            assert (Home(place).dataset("d-0123456789") / "rows.jsonl").stat().st_size == 60_000_000
            place.rename(tmp_path / f"done-{time.monotonic()}")
    restore(tmp_path / "b", Home(place), replace=False)
    assert not list(tmp_path.glob(".restored*"))


def test_the_commands_say_what_they_did(here: World, tmp_path: Path) -> None:
    _filled(here)

    def told(*words: str) -> tuple[int, str, str]:
        done = subprocess.run(
            [sys.executable, "-m", "rlft_gui", *words], capture_output=True, text=True, check=False
        )
        return done.returncode, done.stdout, done.stderr

    file, place = str(tmp_path / "b"), str(tmp_path / "restored")
    code, out, _ = told("backup", file, "--home", str(here.home.path))
    assert (code, "1 runs with 1 checkpoints, 1 datasets, 0 models" in out) == (0, True)
    assert told("restore", file, "--home", place)[0] == 0
    code, out, error = told("restore", file, "--home", place)
    assert (code, out) == (2, "")
    assert "is not empty" in error
    code, out, _ = told("restore", file, "--replace", "--home", place)
    assert "is now" in out
    assert told("backup", str(tmp_path / "c"), "--home", str(tmp_path / "nowhere"))[0] == 2
    assert not (tmp_path / "nowhere").exists()
    assert json.loads(told("runs", "--json", "--home", place)[1])

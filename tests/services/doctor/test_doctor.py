"""Whatever is wrong with a home is named, and a repair takes nothing that a person made."""

import json
import os
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from rlft_gui.cli import app
from rlft_gui.domain.home import Home
from rlft_gui.domain.status import RunStatus
from rlft_gui.inference import address
from rlft_gui.launchers.order import short_address
from rlft_gui.services.doctor import Finding, examine
from rlft_gui.storage.look import look
from rlft_gui.training.models.checkpoints import complete_steps
from tests.fakes.pipelines import World, world
from tests.services.runs.test_bin import _checkpoint

OLD = time.time() - 3 * 86400


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """A healthy home with a run that has ended."""
    with world(tmp_path / "home") as made:
        monkeypatch.setattr(made.keeper, "ensure", lambda: None)
        made.add_run()
        claimed = made.storage.transitions.claim_next(("cpu",), "local")
        assert claimed is not None
        _checkpoint(made.home, claimed[0])
        with made.storage.write() as connection:
            connection.exec_driver_sql("INSERT INTO checkpoint VALUES (1, 4, 5, 1.0)")
        made.storage.transitions.settle(claimed[0], RunStatus.FAILED, "It failed.", "")
        yield made


def _run(here: World) -> str:
    return here.runs.list()[0].id


def _bad(home: Home) -> list[Finding]:
    return [one for one in examine(home) if one.level in ("repair", "person", "blind")]


def _old(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("left")
    os.utime(path, (OLD, OLD))
    return path


def _doctor(home: Home, *words: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["doctor", *words, "--home", str(home.path)])
    return done.exit_code, done.output


def test_a_healthy_home_is_told_so(here: World) -> None:
    assert _bad(here.home) == []
    assert _doctor(here.home)[0] == 0
    code, told = _doctor(here.home, "--json")
    assert (code, {one["level"] for one in json.loads(told)} <= {"good", "told"}) == (0, True)


def _torn(here: World) -> Path:
    return _old(here.home.run(_run(here)).checkpoint(8) / "weights").parent


def _stale_socket(here: World) -> Path:
    folder = here.home.warm("cpu")
    folder.mkdir(parents=True)
    with socket.socket(socket.AF_UNIX) as listener, short_address(folder) as name:
        listener.bind(name)
    return folder / "socket"


def _stale_address(here: World) -> Path:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    address.make_folder(here.home)
    address.write(here.home, address.Address(port=1, token="t", pid=ended.pid))
    return here.home.inference / "address.json"


def _half_restore(here: World) -> Path:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    return _old(here.home.path.with_name(f".home.restoring-{ended.pid}") / "rlft.db").parent


def _unfinished(here: World) -> Path:
    path = here.home.datasets / ".unfinished-abc"
    _old(path / "rows.jsonl")
    os.utime(path, (OLD, OLD))
    return path


LEFTOVERS: dict[str, Callable[[World], Path]] = {
    "a torn checkpoint": _torn,
    "a draft": lambda here: _old(here.home.run(_run(here)).path / "recipe.json.12.draft"),
    "an upload": lambda here: _old(here.home.uploads / "file.csv"),
    "an unfinished dataset": _unfinished,
    "a stale socket": _stale_socket,
    "a stale address": _stale_address,
    "a half restore": _half_restore,
}


@pytest.mark.parametrize("kind", LEFTOVERS)
def test_leftovers_are_named_and_removed_only_when_asked(here: World, kind: str) -> None:
    path = LEFTOVERS[kind](here)
    (found,) = _bad(here.home)
    assert found.level == "repair"
    assert str(path) in found.text
    assert _doctor(here.home)[0] == 1
    assert path.exists()
    code, told = _doctor(here.home, "--fix")
    assert (code, "Repaired" in told) == (0, True)
    assert not path.exists()
    assert complete_steps(here.home.run(_run(here))) == [4]


def test_what_is_being_written_now_is_no_leftover(here: World) -> None:
    (here.home.datasets / ".unfinished-now").mkdir(parents=True)
    here.home.uploads.mkdir()
    (here.home.uploads / "new.csv").write_text("a")
    assert _bad(here.home) == []


def test_a_home_that_is_open_to_others_is_closed(here: World) -> None:
    here.home.path.chmod(0o755)
    assert [one.check for one in _bad(here.home)] == ["folders"]
    assert _doctor(here.home, "--fix")[0] == 0
    assert here.home.path.stat().st_mode & 0o777 == 0o700


def test_what_has_expired_in_the_bin_goes(here: World) -> None:
    run_id = _run(here)
    here.runs.delete(run_id, user="local")
    assert _bad(here.home) == []
    with here.storage.write() as connection:
        connection.exec_driver_sql("UPDATE run SET deleted_at = 1")
    assert "1 runs in the bin" in _bad(here.home)[0].text
    assert _doctor(here.home, "--fix")[0] == 0
    assert not here.home.run(run_id).path.exists()


def _no_row(here: World) -> str:
    _old(here.home.run("sft-orphan").recipe)
    return "sft-orphan"


def _no_folder(here: World) -> str:
    run_id = _run(here)
    here.home.run(run_id).path.rename(here.home.path.parent / "taken")
    return run_id


def _no_checkpoint(here: World) -> str:
    (here.home.run(_run(here)).checkpoint(4) / "complete.json").unlink()
    return "The last checkpoint"


def _no_dataset_row(here: World) -> str:
    _old(here.home.dataset("d-0123456789") / "rows.jsonl")
    return "d-0123456789"


def _no_dataset_folder(here: World) -> str:
    with here.storage.write() as connection:
        connection.exec_driver_sql(
            "INSERT INTO dataset VALUES ('d-0123456789', 'n', 't', 's', '{}', 'local', 1)"
        )
    return "d-0123456789"


ORPHANS = (_no_row, _no_folder, _no_dataset_row, _no_dataset_folder)


@pytest.mark.parametrize("make", ORPHANS)
def test_what_a_person_made_is_told_and_never_removed(here: World, make: Callable[[World], str]) -> None:
    named = make(here)
    before = sorted(here.home.path.rglob("*"))
    (found,) = _bad(here.home)
    assert (found.level, named in found.text) == ("person", True)
    assert _doctor(here.home, "--fix")[0] == 1
    assert [path for path in before if not path.exists() and "rlft.db-" not in path.name] == []


def test_a_checkpoint_that_rows_tell_of_and_is_not_complete_is_told(here: World) -> None:
    named = _no_checkpoint(here)
    assert any(named in one.text and one.level == "person" for one in _bad(here.home))


def test_a_run_without_its_worker_gets_a_keeper(here: World) -> None:
    run = here.add_run()
    here.storage.transitions.claim_next(("cpu",), "local")
    here.home.run(run.id).path.mkdir()
    (found,) = _bad(here.home)
    assert (found.level, run.id in found.text, "A keeper is started" in found.text) == ("repair", True, True)


def _damage(here: World) -> None:
    here.storage.close()
    connection = sqlite3.connect(here.home.database)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    content = bytearray(here.home.database.read_bytes())
    content[4096 * 3 : 4096 * 9] = os.urandom(4096 * 6)
    here.home.database.write_bytes(content)


def test_a_damaged_database_is_told_with_what_to_do(here: World) -> None:
    _damage(here)
    found = [one for one in _bad(here.home) if one.check == "database"]
    assert found
    assert "rlft restore" in found[0].text
    assert _doctor(here.home, "--fix")[0] in (1, 2)


@pytest.mark.parametrize("content", [b"", b"no database " * 1000])
def test_what_is_no_database_is_not_taken_for_an_empty_one(tmp_path: Path, content: bytes) -> None:
    home = Home(tmp_path / "home")
    home.path.mkdir(mode=0o700)
    home.database.write_bytes(content)
    assert _doctor(home)[0] == 2
    assert home.database.read_bytes() == content


def test_a_home_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    code, told = _doctor(Home(tmp_path / "nowhere"))
    assert (code, "There is no folder" in told) == (2, True)
    assert not (tmp_path / "nowhere").exists()


def test_a_newer_database_is_told_and_left_alone(here: World) -> None:
    with here.storage.write() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    assert "newer version" in _bad(here.home)[0].text


def test_a_database_that_somebody_holds_does_not_make_it_wait(here: World) -> None:
    holder = sqlite3.connect(here.home.database, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    began = time.monotonic()
    examine(here.home)
    assert time.monotonic() - began < 60
    holder.close()


def test_a_look_ends_in_time_however_large_the_database_is(here: World) -> None:
    for _ in range(50):
        here.add_run()
    assert look(here.home.database, -1.0).trouble in ("interrupted", None)


def test_a_warm_worker_that_hangs_is_told_and_does_not_hang_the_look(here: World) -> None:
    folder = here.home.warm("cpu")
    folder.mkdir(parents=True)
    with socket.socket(socket.AF_UNIX) as listener, short_address(folder) as name:
        listener.bind(name)
        listener.listen()
        texts = [one.text for one in examine(here.home) if one.check == "processes"]
        assert any("did not answer within" in text for text in texts)

        def answer() -> None:
            while True:
                try:
                    listener.accept()[0].close()
                except OSError:
                    return

        answering = threading.Thread(target=answer, daemon=True)
        answering.start()
        texts = [one.text for one in examine(here.home) if one.check == "processes"]
        assert any("cpu answers" in text for text in texts)
        listener.shutdown(socket.SHUT_RDWR)
        answering.join(timeout=10)

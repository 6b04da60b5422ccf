"""A demo's home as one file, and back: a tar in xz whose first member says what all others are.

What goes in is listed, and what comes out is checked against the list: names, kinds, sizes and sums. Weights of the last and
the best checkpoint of each run go in, states of optimisers do not, for nobody goes on with these runs.
"""

import hashlib
import io
import lzma
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path, PurePosixPath

from pydantic import Field, ValidationError

from rlft_gui import __version__
from rlft_gui.domain._base import Frozen
from rlft_gui.domain.errors import InvalidInput
from rlft_gui.domain.home import Home, RunFolder
from rlft_gui.durable import unfinished_in
from rlft_gui.training.models import checkpoints
from rlft_gui.training.models.checkpoints import MARKER, FileSum

MANIFEST = "manifest.json"
DATABASE = "rlft.db"
LARGEST = 40 * 2**20  #: bytes of a packed demo
_LARGEST_WHOLE = 512 * 2**20  #: bytes of all that it holds
_MOST_FILES = 20_000
_LARGEST_MANIFEST = 8 * 2**20
_LEFT_OUT = frozenset([".pt", ".pth", ".lock", ".draft"])
_OF_RUNS = ("recipe.json", "probe.json", "exit.json", "known.json", "worker.log")
#: Repeats of whole adapters are told once where the window spans them.
_FILTERS = [{"id": lzma.FILTER_LZMA2, "preset": 6, "dict_size": 64 * 2**20}]


class Manifest(Frozen):
    """`files`: all that the demo holds, by path, with sums. `version`: of the rlft_gui that made it."""

    version: str
    files: dict[str, FileSum] = Field(max_length=_MOST_FILES)


def pack(home: Home, best: Mapping[str, int], file: Path) -> int:
    """Write the demo's home as one file; returns its bytes. The same home gives the same bytes.

    Args:
        best: the step of the checkpoint to keep beside the last one, by run.

    Raises:
        InvalidInput: it is too large.
    """
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / DATABASE
        _copy_database(home.database, database)
        members = {DATABASE: database.read_bytes(), **dict(_of_runs(home, best)), **dict(_of_datasets(home))}
    manifest = Manifest(
        version=__version__, files={name: _sum(data) for name, data in sorted(members.items())}
    )
    packed = io.BytesIO()
    with (
        lzma.open(packed, "wb", format=lzma.FORMAT_XZ, filters=_FILTERS) as stream,
        tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT) as archive,
    ):
        _add(archive, MANIFEST, manifest.model_dump_json().encode())
        for name, data in sorted(members.items()):
            _add(archive, name, data)
    size = packed.tell()
    if size > LARGEST:
        raise InvalidInput(
            f"The demo has {size / 2**20:.1f} MB packed; {LARGEST >> 20} are the most. Leave runs out."
        )
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(packed.getvalue())
    return size


def unpack(file: Path, seeds: Path) -> Home:
    """The demo's home, unpacked below `seeds` unless it lies there already.

    Raises:
        InvalidInput: there is no such file, or it is no demo, damaged, or holds what no demo has.
    """
    try:
        data = file.read_bytes()
    except OSError as error:
        raise InvalidInput(
            f"{file} cannot be read: {error.strerror}. Name a file that `rlft demo build` made."
        ) from None
    there = seeds / hashlib.sha256(data).hexdigest()[:16]
    if not there.is_dir():
        with unfinished_in(seeds) as draft:
            whole = draft / "home"
            try:
                _take_out(data, whole)
            except (tarfile.TarError, lzma.LZMAError, EOFError, ValidationError, KeyError) as error:
                raise InvalidInput(
                    f"{file} is no demo, or is damaged ({type(error).__name__}). Get it anew."
                ) from None
            _only_read(whole)
            whole.rename(there)
    return Home(there)


def _take_out(data: bytes, folder: Path) -> None:
    if len(data) > LARGEST:
        raise InvalidInput(f"A demo has {LARGEST >> 20} MB at most, found {len(data) / 2**20:.1f} MB.")
    with lzma.open(io.BytesIO(data)) as stream, tarfile.open(fileobj=stream, mode="r|") as archive:
        members = iter(archive)
        manifest = _read_manifest(archive, next(members, None))
        left = dict(manifest.files)
        for member in members:
            expected = left.pop(member.name, None)
            if expected is None or not member.isreg() or member.size != expected.bytes:
                raise InvalidInput(
                    f"The demo holds {member.name[:200]!r}, which its list does not. Get it anew."
                )
            taken = archive.extractfile(member)
            assert taken is not None  # a regular file
            content = taken.read()
            if _sum(content) != expected:
                raise InvalidInput(f"In the demo {member.name} is not what was packed. Get it anew.")
            target = folder / member.name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
    if left:
        raise InvalidInput(f"The demo lacks {min(left)}. Get it anew.")


def _read_manifest(archive: tarfile.TarFile, first: tarfile.TarInfo | None) -> Manifest:
    if first is None or first.name != MANIFEST or not first.isreg() or first.size > _LARGEST_MANIFEST:
        raise InvalidInput("The file is no demo: it does not begin with a list of what it holds.")
    taken = archive.extractfile(first)
    assert taken is not None  # a regular file
    manifest = Manifest.model_validate_json(taken.read())
    if bad := next((name for name in manifest.files if not _is_allowed(name)), None):
        raise InvalidInput(f"The demo holds {bad[:200]!r}, which no demo has.")
    if sum(one.bytes for one in manifest.files.values()) > _LARGEST_WHOLE:
        raise InvalidInput(f"The demo has more than {_LARGEST_WHOLE >> 20} MB unpacked.")
    return manifest


def _is_allowed(name: str) -> bool:
    """A database, or a file of a run or dataset, by a plain relative path."""
    path = PurePosixPath(name)
    if (
        path.is_absolute()
        or ".." in path.parts
        or str(path) != name
        or "\\" in name
        or path.suffix in _LEFT_OUT
    ):
        return False
    return name == DATABASE or (len(path.parts) >= 3 and path.parts[0] in ("runs", "datasets"))


def _only_read(folder: Path) -> None:
    """Nobody writes here, and what tries by mistake learns it."""
    for path in sorted(folder.rglob("*"), reverse=True):
        path.chmod(0o500 if path.is_dir() else 0o400)


def _copy_database(source: Path, target: Path) -> None:
    """Without free pages, in one file."""
    with closing(sqlite3.connect(source)) as connection:
        connection.execute("VACUUM INTO ?", (str(target),))
    with closing(sqlite3.connect(target)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")


def _of_runs(home: Home, best: Mapping[str, int]) -> Iterator[tuple[str, bytes]]:
    for path in sorted(home.runs.iterdir()):
        folder = RunFolder(path)
        kept = [file for name in _OF_RUNS if (file := path / name).is_file()]
        kept += sorted(file for file in folder.dataset.rglob("*") if file.is_file())
        for file in kept:
            yield _name(file, home), _content(file, home)
        steps = checkpoints.complete_steps(folder)
        for step in {steps[-1], best.get(path.name, steps[-1])} & set(steps) if steps else ():
            yield from _of_checkpoint(folder, step, home)


def _of_checkpoint(folder: RunFolder, step: int, home: Home) -> Iterator[tuple[str, bytes]]:
    """Its marker vouches for the files that go in."""
    path, marker = folder.checkpoint(step), checkpoints.marker(folder, step)
    files = {
        name: one
        for name, one in (marker.files or {}).items()
        if PurePosixPath(name).suffix not in _LEFT_OUT and name != "trainer_state.json"
    }
    for name in files:
        yield _name(path / name, home), (path / name).read_bytes()
    told = marker.model_copy(update={"files": files}).model_dump_json()
    yield _name(path / MARKER, home), told.encode()
    for beside in sorted(path.iterdir()):  # written after the marker, such as the rewards of known answers
        if beside.suffix == ".json" and beside.name not in (MARKER, "trainer_state.json", *files):
            yield _name(beside, home), beside.read_bytes()


def _of_datasets(home: Home) -> Iterator[tuple[str, bytes]]:
    for file in sorted(home.datasets.rglob("*")) if home.datasets.is_dir() else ():
        if file.is_file() and _is_allowed(_name(file, home)):
            yield _name(file, home), file.read_bytes()


def _content(file: Path, home: Home) -> bytes:
    """Logs tell where they were written; that is nobody's business."""
    data = file.read_bytes()
    return data.replace(str(home.path).encode(), b"HOME") if file.suffix == ".log" else data


def _name(file: Path, home: Home) -> str:
    return file.relative_to(home.path).as_posix()


def _add(archive: tarfile.TarFile, name: str, data: bytes) -> None:
    member = tarfile.TarInfo(name)  # without times, owners and modes
    member.size = len(data)
    archive.addfile(member, io.BytesIO(data))


def _sum(data: bytes) -> FileSum:
    return FileSum(bytes=len(data), sha256=hashlib.sha256(data).hexdigest())

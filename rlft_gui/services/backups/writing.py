"""Writes a backup: a tar archive packed by zstd, which `tar --zstd -xf` opens too. Whole or absent."""

import hashlib
import os
import re
import shutil
import tarfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import psutil

from rlft_gui import __version__
from rlft_gui.domain.errors import InvalidInput, NotFound, NotPossibleNow
from rlft_gui.domain.home import Home
from rlft_gui.services.backups.manifest import DATABASE, FORMAT, MANIFEST, Counts, Manifest, Member
from rlft_gui.services.backups.names import FOLDERS
from rlft_gui.services.backups.staging import staged
from rlft_gui.services.runs.bin import bytes_of
from rlft_gui.storage import SCHEMA, Storage
from rlft_gui.training.models.checkpoints import MARKER


def back_up(home: Home, storage: Storage, file: Path) -> Manifest:
    """Write all that a person made in a home into one new file. App, keeper and runs go on meanwhile.

    Raises:
        InvalidInput: the file is there already, or its folder is not.
        NotPossibleNow: the disk has too little room.
        StorageTrouble: the database cannot be read.
        OSError: the disk cannot be written.
    """
    file = file.expanduser().absolute()
    _refuse_place(file)
    _refuse_without_room(home, file.parent)
    with staged(home, storage) as folder, _draft(file) as draft:
        manifest = _write(folder, draft)
        with draft.open("rb") as written:
            os.fsync(written.fileno())
        _refuse_place(file)  # somebody may have written it meanwhile
        draft.rename(file)
    return manifest


def _refuse_place(file: Path) -> None:
    if file.exists():
        raise InvalidInput(f"{file} is there already. Choose another name, or move it away first.")
    if not file.parent.is_dir():
        raise NotFound(f"There is no folder {file.parent}. Make it first, or choose another.")


def _refuse_without_room(home: Home, folder: Path) -> None:
    needed = home.database.stat().st_size + sum(bytes_of(home.path / name) for name in FOLDERS)
    free = shutil.disk_usage(folder).free
    if needed > free:  # weights hardly pack
        raise NotPossibleNow(
            f"A backup of {home.path} may take {needed / 1e9:.1f} GB, and {folder} has {free / 1e9:.1f} GB free. Free some "
            "space, empty the bin (`rlft bin empty`), or choose another disk."
        )


@contextmanager
def _draft(file: Path) -> Iterator[Path]:
    """Where it is written, beside its place. What a killed process left there goes away."""
    for leftover in file.parent.glob(f".{file.name}.unfinished-*"):
        found = re.fullmatch(r".*-(\d+)", leftover.name)
        if found and not psutil.pid_exists(int(found[1])):
            leftover.unlink(missing_ok=True)
    draft = file.with_name(f".{file.name}.unfinished-{os.getpid()}")
    try:
        yield draft
    finally:
        draft.unlink(missing_ok=True)


def _write(folder: Path, draft: Path) -> Manifest:
    import pyarrow as pa  # its zstd packs weights several times faster than gzip; datasets bring it anyway

    with (
        pa.CompressedOutputStream(pa.OSFile(str(draft), "w"), "zstd") as packed,
        # GNU's: the one of old formats that holds files above 8 GB without extra headers.
        tarfile.open(fileobj=packed, mode="w|", format=tarfile.GNU_FORMAT) as archive,
    ):
        names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
        members = tuple(_add(archive, folder / name, name) for name in names)
        manifest = Manifest(
            format=FORMAT,
            version=__version__,
            schema_version=SCHEMA,
            created_at=time.time(),
            counts=_counts(names),
            members=members,
        )
        told = manifest.model_dump_json(indent=1).encode()
        archive.addfile(_header(MANIFEST, len(told)), BytesIO(told))
    return manifest


def _add(archive: tarfile.TarFile, file: Path, name: str) -> Member:
    with file.open("rb") as content:
        size = os.fstat(content.fileno()).st_size
        reading = _Summed(content)
        archive.addfile(_header(name, size), reading)
    return Member(name=name, bytes=size, sha256=reading.sum.hexdigest())


class _Summed(BytesIO):
    """A file that is summed as it is read."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__()
        self._file = file
        self.sum = hashlib.sha256()

    def read(self, size: int | None = -1, /) -> bytes:
        content = self._file.read(-1 if size is None else size)
        self.sum.update(content)
        return content


def _header(name: str, size: int) -> tarfile.TarInfo:
    header = tarfile.TarInfo(name)
    header.size, header.mode, header.mtime = size, 0o600, int(time.time())
    return header


def _counts(names: list[str]) -> Counts:
    parts = [name.split("/") for name in names if name != DATABASE]

    def folders(kind: str) -> int:
        return len({part[1] for part in parts if part[0] == kind and len(part) > 2 and part[1] != "names"})

    checkpoints = sum(part[0] == "runs" and part[-1] == MARKER for part in parts)
    return Counts(
        runs=folders("runs"),
        checkpoints=checkpoints,
        datasets=folders("datasets"),
        models=folders("models"),
    )

"""Reads a backup that anybody may have made: each header is judged before anything behind it is read.

Headers that promise more headers (of pax, of sparse files) are refused as links and devices are: tarfile would read as much
into memory as they say.
"""

import hashlib
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from pydantic import ValidationError

from rlft_gui.domain.errors import InvalidInput, NotFound
from rlft_gui.services.backups.manifest import FORMAT, MANIFEST, Manifest
from rlft_gui.services.backups.names import LONGEST, is_member

#: tarfile keeps each header, about a kB.
MOST_MEMBERS = 200_000
MOST_MANIFEST_BYTES = 300_000_000
_CHUNK = 1 << 20

#: Gets a member's name and its content, piece by piece.
Take = Callable[[str, Iterator[bytes]], None]


def checked(file: Path, room: int) -> Manifest:
    """What a backup says of itself, once all of it was read and found to be so. Nothing is written.

    Args:
        room: bytes that its members may take unpacked.

    Raises:
        NotFound: there is no such file.
        InvalidInput: it is no backup, damaged, cut off, too large, or holds what no backup holds.
    """
    return unpacked(file, room, _only_read)


def unpacked(file: Path, room: int, take: Take) -> Manifest:
    """As `checked`, handing each member to `take` on the way; what it was given is good only once this returns."""
    found: dict[str, tuple[int, str]] = {}
    manifest: bytes | None = None
    with _opened(file) as archive:
        for header in _headers(file, archive):
            name = header.name
            if manifest is not None or name in found or len(found) >= MOST_MEMBERS:
                raise InvalidInput(f"{file} is no backup of rlft_gui: {name!r} is one member too many.")
            room -= header.size
            if room < 0:
                raise InvalidInput(
                    f"{file} holds more than there is room for on the disk. Free some space first."
                )
            content = archive.extractfile(header)
            assert content is not None  # plain files only
            with _damage_told(file, name):
                if name == MANIFEST:
                    manifest = _small(file, content, header.size)
                else:
                    found[name] = _taken(name, content, take)
    return _agreeing(file, manifest, found)


class _Plain(tarfile.TarInfo):
    """A header that announces a plain file, or a name too long for a header."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> "_Plain":
        header = super().frombuf(buf, encoding, errors)
        is_name = header.type == tarfile.GNUTYPE_LONGNAME and header.size <= LONGEST + 1
        if header.type not in (tarfile.REGTYPE, tarfile.AREGTYPE) and not is_name:
            raise InvalidInput(f"This is no backup of rlft_gui: its member {header.name!r} is no plain file.")
        return header


@contextmanager
def _opened(file: Path) -> Iterator[tarfile.TarFile]:
    import pyarrow as pa

    try:
        raw = file.open("rb")
    except (FileNotFoundError, IsADirectoryError):
        raise NotFound(f"There is no file {file}.") from None
    with raw, _damage_told(file, "its beginning"):
        packed = pa.CompressedInputStream(pa.PythonFile(raw, "r"), "zstd")
        with tarfile.open(fileobj=packed, mode="r|", tarinfo=_Plain) as archive:
            yield archive


@contextmanager
def _damage_told(file: Path, where: str) -> Iterator[None]:
    try:
        yield
    except (tarfile.TarError, EOFError) as error:
        raise InvalidInput(_damaged(file, where, error)) from error
    except OSError as error:
        if error.errno is not None:
            raise
        raise InvalidInput(_damaged(file, where, error)) from error  # pyarrow's, of packed data


def _damaged(file: Path, where: str, error: Exception) -> str:
    return f"{file} is damaged or no backup, at {where}: {error}. Nothing was restored. Use another copy."


def _headers(file: Path, archive: tarfile.TarFile) -> Iterator[tarfile.TarInfo]:
    last = "its beginning"
    while True:
        with _damage_told(file, last):
            header = archive.next()
        if header is None:
            return
        if not is_member(header.name):
            raise InvalidInput(
                f"{file} is no backup of rlft_gui: it holds {header.name[:100]!r}, which none holds."
            )
        last = header.name
        yield header


def _taken(name: str, content: IO[bytes], take: Take) -> tuple[int, str]:
    total, size = hashlib.sha256(), 0

    def pieces() -> Iterator[bytes]:
        nonlocal size
        while piece := content.read(_CHUNK):
            total.update(piece)
            size += len(piece)
            yield piece

    take(name, pieces())
    return size, total.hexdigest()


def _only_read(_name: str, pieces: Iterator[bytes]) -> None:
    for _ in pieces:
        pass


def _small(file: Path, content: IO[bytes], size: int) -> bytes:
    if size > MOST_MANIFEST_BYTES:
        raise InvalidInput(f"{file} is no backup of rlft_gui: its manifest has {size:,} bytes.")
    return content.read()


def _agreeing(file: Path, told: bytes | None, found: dict[str, tuple[int, str]]) -> Manifest:
    if told is None:
        raise InvalidInput(f"{file} is cut off or no backup: it has no manifest. Nothing was restored.")
    try:
        manifest = Manifest.model_validate_json(told)
    except ValidationError:
        raise InvalidInput(f"{file} is damaged: its manifest cannot be read. Nothing was restored.") from None
    if manifest.format != FORMAT:
        raise InvalidInput(f"{file} was written by a newer version ({manifest.version}). Install that one.")
    for member in manifest.members:
        if found.get(member.name) != (member.bytes, member.sha256):
            raise InvalidInput(
                f"{file} is damaged: its member {member.name} is not what was written. Nothing was restored. Use another copy."
            )
    if extra := set(found) - {member.name for member in manifest.members}:
        raise InvalidInput(f"{file} is no backup of rlft_gui: its manifest lacks {min(extra)!r}.")
    return manifest

"""The bytes of a file, out of whatever it is packed in: gzip, zip, or nothing.

What is packed goes into a temporary file first, in pieces and counted: an archive of a few KB can open to gigabytes.
"""

import gzip
import stat
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO, cast

from rlft_gui.data.files.limits import Limits
from rlft_gui.data.shapes.faults import shortened
from rlft_gui.domain.errors import InvalidInput

#: What files of this kind are usually called, so that a readme beside the data is passed over.
DATA_SUFFIXES = (".json", ".jsonl", ".ndjson", ".csv", ".tsv", ".txt", ".parquet", ".pq")
FILE_SUFFIXES = (*DATA_SUFFIXES, ".gz", ".zip")
_GZIP, _ZIP = b"\x1f\x8b", b"PK\x03\x04"
_NOT_OPENED = (
    (b"BZh", "compressed with bzip2"),
    (b"\xfd7zXZ", "compressed with xz"),
    (b"\x28\xb5\x2f\xfd", "compressed with zstandard"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"\xd0\xcf\x11\xe0", "an old Excel or Word file"),
    (b"SQLite format 3\0", "a SQLite database"),
    (b"ARROW1", "an Arrow file"),
    (b"GGUF", "a model in GGUF"),
    (b"%PDF", "a PDF"),
)
_TAR_MARK, _TAR_PLACE = b"ustar", 257
_CHUNK = 1 << 18
_MOST_MEMBERS, _MOST_DIRECTORY = 1_000, 1_000_000  #: of a zip: files, and bytes of the list of them
_END_OF_DIRECTORY = b"PK\x05\x06"


@dataclass(frozen=True)
class Unpacked:
    """Bytes that can be read from any place, at their beginning.

    Attributes:
        note: what was unpacked, as a sentence; "" where nothing was.
    """

    stream: BinaryIO
    note: str = ""


@contextmanager
def unpacked(path: Path, name: str, limits: Limits) -> Iterator[Unpacked]:
    """The bytes of the file, or of the one data file in it.

    Raises:
        InvalidInput: it is no file, is too large, is packed in another way, or holds more than one data file.
    """
    with _opened(path, name, limits) as file:
        head = file.read(_TAR_PLACE + len(_TAR_MARK))
        file.seek(0)
        if head.startswith(_GZIP):
            with tempfile.NamedTemporaryFile() as plain:
                yield _from_gzip(file, cast(BinaryIO, plain), name, limits)
        elif head.startswith(_ZIP):
            with tempfile.NamedTemporaryFile() as plain:
                yield _from_zip(file, cast(BinaryIO, plain), name, limits)
        else:
            _check_start(head, name)
            yield Unpacked(file)


def _opened(path: Path, name: str, limits: Limits) -> BinaryIO:
    found = path.stat()
    if not stat.S_ISREG(found.st_mode):  # a pipe would be waited for, a device never end
        what = "a folder" if stat.S_ISDIR(found.st_mode) else "no ordinary file"
        raise InvalidInput(f"{name} is {what}; name a data file.")
    if found.st_size > limits.file_bytes:
        raise InvalidInput(
            f"{name} has {found.st_size:,} bytes, more than the {limits.file_bytes:,} that are read; split it."
        )
    return path.open("rb")


def _check_start(head: bytes, name: str) -> None:
    for magic, what in _NOT_OPENED:
        if head.startswith(magic):
            raise InvalidInput(f"{name} is {what}; save it as JSON, JSONL, CSV, TSV or Parquet.")
    if head[_TAR_PLACE:] == _TAR_MARK:
        raise InvalidInput(f"{name} is a tar archive; unpack it, and add the data file in it.")


def _from_gzip(file: BinaryIO, plain: BinaryIO, name: str, limits: Limits) -> Unpacked:
    try:
        with gzip.GzipFile(fileobj=file) as packed:
            _copy(cast(BinaryIO, packed), plain, name, limits)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise InvalidInput(
            f"{name} is a damaged or cut-off gzip file ({str(error).rstrip('.')}); copy it again."
        ) from None
    return _begun(plain, name, "It was unpacked from gzip.")


def _from_zip(file: BinaryIO, plain: BinaryIO, name: str, limits: Limits) -> Unpacked:
    _check_directory(file, name)
    try:
        with zipfile.ZipFile(file) as archive:
            member = _member(archive, name)
            with archive.open(member) as packed:
                _copy(cast(BinaryIO, packed), plain, name, limits)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, zlib.error) as error:
        raise InvalidInput(
            f"{name} is a damaged or unusual zip archive ({str(error).rstrip('.')}); pack it again."
        ) from None
    return _begun(plain, name, f"{shortened(member.filename)} was unpacked from it.")


def _check_directory(file: BinaryIO, name: str) -> None:
    """Before the list of files is read, which a hostile archive makes of millions."""
    size = file.seek(0, 2)
    file.seek(max(0, size - (1 << 16) - 22))
    tail = file.read()
    place = tail.rfind(_END_OF_DIRECTORY)
    end = tail[place : place + 22]
    if place < 0 or len(end) < 22:
        raise InvalidInput(f"{name} is a damaged or cut-off zip archive; copy it again.")
    members, directory = struct.unpack("<HI", end[10:16])
    if members > _MOST_MEMBERS or directory > _MOST_DIRECTORY:
        raise InvalidInput(f"{name} holds more than {_MOST_MEMBERS:,} files; pack the one data file alone.")
    file.seek(0)


def _member(archive: zipfile.ZipFile, name: str) -> zipfile.ZipInfo:
    """The one data file."""
    files = [one for one in archive.infolist() if not one.is_dir() and not _is_hidden(one.filename)]
    if any(one.filename == "[Content_Types].xml" for one in files):
        raise InvalidInput(f"{name} is an Excel or Word file; save the sheet as CSV UTF-8 and add that.")
    data = [one for one in files if one.filename.lower().endswith(DATA_SUFFIXES)]
    found = data or files
    if len(found) != 1:
        names = ", ".join(shortened(one.filename, 30) for one in found[:5]) or "none"
        raise InvalidInput(
            f"{name} holds {len(found)} data files ({names}), and one is expected; unpack it and add one."
        )
    if found[0].flag_bits & 1:
        raise InvalidInput(f"{name} is locked with a password; unpack it, and add the data file in it.")
    return found[0]


def _is_hidden(name: str) -> bool:
    """What systems put beside the files that a person packs."""
    parts = PurePosixPath(name).parts
    return any(part.startswith((".", "__MACOSX")) for part in parts)


def _copy(packed: BinaryIO, plain: BinaryIO, name: str, limits: Limits) -> None:
    while piece := packed.read(_CHUNK):
        if plain.tell() + len(piece) > limits.file_bytes:
            raise InvalidInput(
                f"{name} opens to more than the {limits.file_bytes:,} bytes that are read; split what is in it."
            )
        plain.write(piece)


def _begun(plain: BinaryIO, name: str, note: str) -> Unpacked:
    plain.flush()  # tables are read by the file's name
    plain.seek(0)
    head = plain.read(_TAR_PLACE + len(_TAR_MARK))
    if head.startswith((_GZIP, _ZIP)):
        raise InvalidInput(f"{name} is packed twice; unpack it once.")
    _check_start(head, name)
    plain.seek(0)
    return Unpacked(plain, note)

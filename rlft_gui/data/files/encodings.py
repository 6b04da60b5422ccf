"""The text of a file as UTF-8, whatever it was written in. What it was taken for is told, and can be said instead."""

import codecs
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO, cast

from charset_normalizer import from_bytes

from rlft_gui.data.files.limits import Limits
from rlft_gui.domain.errors import InvalidInput

#: What editors and spreadsheets write beside UTF-8, by the names that Python has for them.
ENCODINGS = {
    "cp1252": "Windows-1252",
    "cp1250": "Windows-1250",
    "cp1251": "Windows-1251",
    "cp1253": "Windows-1253 (Greek)",
    "cp1254": "Windows-1254 (Turkish)",
    "cp1255": "Windows-1255 (Hebrew)",
    "cp1256": "Windows-1256 (Arabic)",
    "cp1257": "Windows-1257 (Baltic)",
    "cp437": "DOS (American)",
    "cp850": "DOS (Western European)",
    "cp852": "DOS (Central European)",
    "cp866": "DOS (Cyrillic)",
    "koi8_r": "KOI8-R",
    "gb18030": "GBK",
    "big5": "Big5",
    "shift_jis": "Shift JIS",
    "euc_kr": "EUC-KR",
    "mac_roman": "Mac Roman",
    "utf_16": "UTF-16",
    "utf_16_le": "UTF-16",
    "utf_16_be": "UTF-16",
    "utf_32": "UTF-32",
}
#: Those that a look at bytes can tell apart.
_GUESSED = ("cp1252", "cp1251", "cp1253", "cp1255", "cp1256", "gb18030", "shift_jis", "big5", "euc_kr")
_MARKS = (
    (codecs.BOM_UTF8, "utf_8_sig"),
    (codecs.BOM_UTF32_LE, "utf_32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf_32"),
    (codecs.BOM_UTF16_LE, "utf_16"),
    (codecs.BOM_UTF16_BE, "utf_16"),
)
_HEAD, _AROUND, _CHUNK = 1 << 12, 1 << 15, 1 << 20


@dataclass(frozen=True)
class Text:
    """UTF-8 without a byte order mark, at its beginning, wherever that lies in the stream.

    Attributes:
        note: what it was written in, as a sentence; "" for UTF-8.
    """

    stream: BinaryIO
    note: str = ""


@contextmanager
def as_utf8(stream: BinaryIO, name: str, limits: Limits, encoding: str = "") -> Iterator[Text]:
    """The stream as UTF-8.

    Args:
        encoding: what a person says it is written in; "" finds out.

    Raises:
        InvalidInput: it is not what was said, or nothing that can be told; names the byte and the line.
    """
    said = _said(encoding)
    found = said or _by_its_start(stream)
    if found in ("utf_8", "utf_8_sig", None):
        stream.seek(len(codecs.BOM_UTF8) if found == "utf_8_sig" else 0)
        begins = stream.tell()
        fault = _first_fault(stream)
        stream.seek(begins)
        if fault is None:
            yield Text(stream)
            return
        if said:
            raise _not(name, stream, fault, "UTF-8")
        found = _guessed(stream, fault, name)
        note = f"It is not UTF-8 (at byte {fault + 1:,}) and was read as {ENCODINGS[found]}; say so if it is another."
    else:
        note = f"It was read as {ENCODINGS[found]}."
    with tempfile.NamedTemporaryFile() as file:
        plain = cast(BinaryIO, file)
        _transcode(stream, plain, found, name, limits)
        yield Text(plain, note)


def _said(encoding: str) -> str:
    """The name that Python has for it."""
    if not encoding:
        return ""
    aliases = {"gbk": "gb18030", "gb2312": "gb18030", "shift-jis": "shift_jis"}
    try:
        name = codecs.lookup(aliases.get(encoding.lower(), encoding)).name.replace("-", "_")
    except (LookupError, ValueError):
        name = ""
    known = {"iso8859_1": "cp1252", "utf_8": "utf_8"} | {one: one for one in ENCODINGS}
    if name not in known:
        named = ", ".join(["utf-8", *(one.replace("_", "-") for one in ENCODINGS)])
        raise InvalidInput(f'"{encoding}" is no encoding that is read here; name one of: {named}.')
    return known[name]


def _by_its_start(stream: BinaryIO) -> str | None:
    stream.seek(0)
    head = stream.read(_HEAD)
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding
    # Plain letters in UTF-16 have a NUL beside each, and text in UTF-8 has none.
    if len(head) > 8 and head[0] and head[1::2].count(0) > 0.4 * len(head) and not head[0::2].count(0):
        return "utf_16_le"
    if len(head) > 8 and not head[0] and head[0::2].count(0) > 0.4 * len(head) and not head[1::2].count(0):
        return "utf_16_be"
    return None


def _first_fault(stream: BinaryIO) -> int | None:
    """Where the rest of the stream stops being UTF-8, as an offset in the file."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    place = stream.tell()
    held = 0  #: bytes of a character that began in the chunk before
    while True:
        chunk = stream.read(_CHUNK)
        try:
            decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            return place - held + error.start
        place += len(chunk)
        held = len(decoder.getstate()[0])
        if not chunk:
            return None


def _guessed(stream: BinaryIO, fault: int, name: str) -> str:
    """What bytes around the first fault seem to be written in.

    Raises:
        InvalidInput: nothing that can be told, or UTF-8 with damaged places, which no other encoding mends.
    """
    stream.seek(max(0, fault - _AROUND))
    around = stream.read(2 * _AROUND)
    lines = around.split(b"\n")
    telling = b"\n".join(line for line in lines if not line.isascii()) or around
    if _is_damaged_utf8(telling):
        raise _not(name, stream, fault, "UTF-8", "some of its characters are damaged; save it anew as UTF-8")
    best = from_bytes(telling, cp_isolation=list(_GUESSED)).best()
    if best is None or best.encoding not in _GUESSED:
        raise _not(name, stream, fault, "UTF-8", "save it as UTF-8, or say what it is written in (encoding)")
    # Quotes and dashes are the same bytes in all of Windows' encodings.
    return "cp1252" if _read_alike(telling, best.encoding, "cp1252") else best.encoding


def _read_alike(text: bytes, *encodings: str) -> bool:
    return len({text.decode(encoding, errors="replace") for encoding in encodings}) == 1


def _is_damaged_utf8(text: bytes) -> bool:
    """Whether most of what is not ASCII is valid: by chance, text in another encoding seldom is."""
    read = text.decode("utf-8", errors="replace")
    damaged = read.count("�")
    valid = sum(1 for character in read if ord(character) > 127) - damaged
    return valid > damaged


def _transcode(stream: BinaryIO, plain: BinaryIO, encoding: str, name: str, limits: Limits) -> None:
    stream.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)()
    place = 0
    while True:
        chunk = stream.read(_CHUNK)
        try:
            text = decoder.decode(chunk, final=not chunk)
            plain.write(text.removeprefix("\ufeff").encode() if not place else text.encode())
        except UnicodeError:
            raise _not(name, stream, place, ENCODINGS[encoding]) from None
        place += len(chunk)
        if plain.tell() > 2 * limits.file_bytes:
            raise InvalidInput(f"{name} is too large once it is UTF-8; split it.")
        if not chunk:
            plain.flush()  # tables are read by the file's name
            plain.seek(0)
            return


def _not(name: str, stream: BinaryIO, fault: int, encoding: str, advice: str = "") -> InvalidInput:
    stream.seek(0)
    line = 1 + sum(piece.count(b"\n") for piece in _up_to(stream, fault))
    stream.seek(fault)
    found = stream.read(1)
    what = f"row or line {line} is not {encoding} at byte {fault + 1:,} of the file"
    shown = f" (found 0x{found[0]:02x})" if found else ""
    return InvalidInput(f"{name}: {what}{shown}; {advice or 'save it as UTF-8'}.")


def _up_to(stream: BinaryIO, end: int) -> Iterator[bytes]:
    while stream.tell() < end:
        yield stream.read(min(_CHUNK, end - stream.tell()))

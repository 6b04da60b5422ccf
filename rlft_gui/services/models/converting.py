"""GGUF files become folders that can be trained: once for their content, in a short process, below the home.

A model is made beside its place and renamed into it, so that a folder with a model's name is a whole model. Its name is
the beginning of the SHA-256 of the file it was made of.
"""

import hashlib
import re
import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from filelock import FileLock
from pydantic import ValidationError

from rlft_gui.domain._base import Frozen
from rlft_gui.domain.errors import InvalidInput, NotPossibleNow
from rlft_gui.domain.home import Home
from rlft_gui.durable import put_in_place, unfinished_in, write_whole
from rlft_gui.services.models.gguf_file import GgufFacts, read_gguf
from rlft_gui.services.short_work import run_short

#: Ids of models that were made here.
MADE = re.compile(r"m-[0-9a-f]{10}")
_BLOCK = 1 << 22  #: bytes
_BYTES_A_NUMBER = 2  #: bfloat16
#: What a conversion may take: to load the libraries, and for each million numbers. SmolLM2 with 135 takes 45 s and 0.95 GB.
_SECONDS, _SECONDS_A_MILLION = 240, 1.0
_MEGABYTES, _MEGABYTES_A_MILLION = 1_500, 9

Say = Callable[[str], None]


class MadeModel(Frozen):
    """What `info.json` says of a model that was made here."""

    id: str
    title: str
    file: str  #: name of what it was made of
    sha256: str
    quantisation: str
    licence: str | None
    notes: tuple[str, ...] = ()
    parameters: int
    bytes: int
    created_at: float


class Converting:
    """Safe to share between threads and processes: one conversion of a home at a time, the others wait for it."""

    def __init__(self, home: Home) -> None:
        self._home = home

    def made_of(self, file: Path) -> Path | None:
        """The folder that was made of this file, if it has not changed since; the file is not read."""
        with suppress(OSError, UnicodeDecodeError):
            folder = self._home.model(self._seen(file).read_text(encoding="utf-8").strip())
            return folder if made_model(folder) else None
        return None

    def made_here(self, model_id: str) -> Path | None:
        """The folder of a model that was made here, by its id."""
        folder = self._home.model(model_id)
        return folder if MADE.fullmatch(model_id) and made_model(folder) else None

    def convert(self, file: Path, called: str, say: Say = lambda _: None) -> Path:
        """The folder made of this file, now or before.

        Raises:
            InvalidInput: it cannot be converted; one sentence.
            NotPossibleNow: the disk is full or cannot be written.
        """
        facts = read_gguf(file, called)
        if (made := self.made_of(file)) is not None:
            return made
        try:
            self._home.models.mkdir(parents=True, exist_ok=True)
            with FileLock(self._home.models / ".converting.lock"):
                say(f"Reading {file.name}, {in_megabytes(facts.bytes)}.")
                sha256 = hash_of(file)
                folder = self._home.model(f"m-{sha256[:10]}")
                if not _is_made_of(folder, sha256, called):
                    self._make(file, called, facts, sha256, say)
                self._remember(file, folder)
                return folder
        except OSError as error:
            raise NotPossibleNow(
                f"{called} could not be converted in {self._home.models}: {error.strerror}. Nothing was kept of it."
            ) from error

    def _make(self, file: Path, called: str, facts: GgufFacts, sha256: str, say: Say) -> None:
        needed = facts.parameters * _BYTES_A_NUMBER
        if shutil.disk_usage(self._home.models).free < 1.1 * needed:
            raise NotPossibleNow(
                f"{called} needs {in_megabytes(needed)} in {self._home.models}, and there is not so much room; free some."
            )
        say(f"Converting {file.name} to safetensors, {in_megabytes(needed)}.")
        with unfinished_in(self._home.models) as unfinished:
            told = run_short(
                "rlft_gui.training.models.from_gguf",
                {"file": str(file), "called": called, "into": str(unfinished)},
                seconds=_SECONDS + facts.parameters / 1e6 * _SECONDS_A_MILLION,
                megabytes=int(_MEGABYTES + facts.bytes / 1e6 + facts.parameters / 1e6 * _MEGABYTES_A_MILLION),
                what=f"The conversion of {called}",
            )
            if hash_of(file) != sha256:
                raise InvalidInput(f"{called} was changed while it was converted; try again.")
            info = _info(file, facts, sha256, tuple(told["notes"]), unfinished)
            write_whole(unfinished / "info.json", info.model_dump_json(indent=2))
            put_in_place(unfinished, self._home.model(info.id))

    def _remember(self, file: Path, folder: Path) -> None:
        self._seen(file).parent.mkdir(exist_ok=True)
        write_whole(self._seen(file), folder.name)

    def _seen(self, file: Path) -> Path:
        stat = file.stat()
        stamp = repr((str(file.resolve()), stat.st_ino, stat.st_size, stat.st_mtime_ns))
        return self._home.models / ".seen" / hashlib.sha256(stamp.encode()).hexdigest()[:32]


def made_model(folder: Path) -> MadeModel | None:
    """What a folder says of how it was made; None if it was not made here."""
    with suppress(OSError, ValidationError):
        return MadeModel.model_validate_json((folder / "info.json").read_bytes())
    return None


def hash_of(file: Path) -> str:
    digest = hashlib.sha256()
    with file.open("rb") as opened:
        while block := opened.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def in_megabytes(count: int) -> str:
    return f"{max(1, round(count / 1e6)):,} MB"


def _is_made_of(folder: Path, sha256: str, called: str) -> bool:
    made = made_model(folder)
    if made is None and folder.exists():
        raise InvalidInput(
            f"{called} would become {folder}, which is there already and no model that was made here; remove it."
        )
    if made is not None and made.sha256 != sha256:  # ten digits of two hashes agree by chance
        raise InvalidInput(
            f"{called} would become {folder}, which was made of another file; remove that model first."
        )
    return made is not None


def _info(file: Path, facts: GgufFacts, sha256: str, notes: tuple[str, ...], folder: Path) -> MadeModel:
    return MadeModel(
        id=f"m-{sha256[:10]}",
        title=file.stem if file.suffix else facts.name,
        file=file.name,
        sha256=sha256,
        quantisation=facts.quantisation,
        licence=facts.licence,
        notes=notes,
        parameters=facts.parameters,
        bytes=sum(one.stat().st_size for one in folder.iterdir()),
        created_at=time.time(),
    )

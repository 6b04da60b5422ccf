"""The upload store: a folder per dataset below the home, named by what it holds and never changed.

`rows.jsonl` holds the normalised rows, `numbers.bin` their numbers in the file, `checks.json` what may be wrong with them,
`info.json` the account of where they came from. A dataset is written beside
its place and renamed into it, so that a folder with a dataset's name is a whole dataset.
"""

import os
import re
import time
from array import array
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from filelock import FileLock

from rlft_gui.data.checks import check
from rlft_gui.data.inspection import Detection
from rlft_gui.domain.dataset import UPLOADED, Checked, DatasetInfo
from rlft_gui.domain.errors import InvalidInput, NotFound, NotPossibleNow
from rlft_gui.domain.home import Home
from rlft_gui.durable import put_away, put_in_place, unfinished_in

_ID = re.compile(r"d-[0-9a-f]{10}")


@contextmanager
def being_stored(home: Home) -> Iterator[None]:
    """Rows and what is remembered of them come and go together: one thread or process at a time.

    Raises:
        NotPossibleNow: the home cannot be written.
    """
    try:
        home.datasets.mkdir(parents=True, exist_ok=True)
        lock = FileLock(home.datasets / ".storing.lock")
        lock.acquire()
    except OSError as error:
        raise NotPossibleNow(f"{home.datasets} cannot be written: {error.strerror}.") from error
    try:
        yield
    finally:
        lock.release()


def store(home: Home, detection: Detection, *, owner: str) -> DatasetInfo:
    """Store all rows or nothing. The same rows are the same dataset, under the name it was first given.

    Raises:
        NotPossibleNow: the disk is full or the home cannot be written.
    """
    try:
        with unfinished_in(home.datasets) as unfinished:
            size = _write_rows(unfinished / "rows.jsonl", detection.rows.lines())
            info = _info(detection, size, owner)
            checked = check(detection.rows.numbered(), len(detection.rows))
            _write(unfinished / "numbers.bin", detection.rows.numbers.tobytes())
            _write(unfinished / "checks.json", checked.model_dump_json(indent=2).encode())
            _write(unfinished / "info.json", info.model_dump_json(indent=2).encode())
            put_in_place(unfinished, home.dataset(info.id))
            return _same(home.dataset(info.id), info)
    except OSError as error:
        raise NotPossibleNow(
            f"{detection.name} could not be stored in {home.datasets}: {error.strerror}. Nothing was kept of it."
        ) from error


def _info(detection: Detection, size: int, owner: str) -> DatasetInfo:
    return DatasetInfo(
        id=f"{UPLOADED}{detection.rows.sha256[:10]}",
        name=detection.name,
        type=detection.type,
        format=detection.format,
        rows=len(detection.rows),
        rows_read=detection.rows_read,
        dropped=detection.dropped,
        drop_reasons=detection.drop_reasons,
        problems=detection.problems,
        changes=detection.changes,
        columns=detection.columns,
        columns_not_read=detection.columns_not_read,
        notes=detection.notes,
        reading=detection.reading,
        sha256=detection.rows.sha256,
        bytes=size,
        created_at=time.time(),
        owner=owner,
    )


def _same(place: Path, info: DatasetInfo) -> DatasetInfo:
    """What is stored there, which may have been before."""
    stored = DatasetInfo.model_validate_json((place / "info.json").read_bytes())
    if (
        stored.sha256 != info.sha256
    ):  # ten digits of two hashes agree by chance, or the folder was made by hand
        raise InvalidInput(
            f"{info.name} would get the id {info.id}, which other rows already have; change a row."
        )
    return stored


def _write_rows(path: Path, lines: Iterable[bytes]) -> int:
    """Write the rows; returns how many bytes they take."""
    with path.open("xb") as file:
        file.writelines(lines)
        _flush(file)
        return file.tell()


def _write(path: Path, content: bytes) -> None:
    with path.open("xb") as file:
        file.write(content)
        _flush(file)


def _flush(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


def stored_rows(home: Home, dataset_id: str) -> Path:
    """The rows of a stored dataset: a file with one normalised row per line.

    Raises:
        NotFound: there is none of that id.
    """
    path = home.dataset(dataset_id) / "rows.jsonl"
    if (
        not _ID.fullmatch(dataset_id) or not path.is_file()
    ):  # the id comes from outside and must not name a path
        raise NotFound(f'There is no dataset "{dataset_id}".')
    return path


def stored_info(home: Home, dataset_id: str) -> DatasetInfo:
    """The account of a stored dataset.

    Raises:
        NotFound: there is none of that id.
    """
    path = stored_rows(home, dataset_id).with_name("info.json")
    return DatasetInfo.model_validate_json(path.read_bytes())


def stored_checks(home: Home, dataset_id: str) -> Checked:
    """What may be wrong with the rows of a stored dataset; nothing of one that an older version stored.

    Raises:
        NotFound: there is none of that id.
    """
    path = stored_rows(home, dataset_id).with_name("checks.json")
    return Checked.model_validate_json(path.read_bytes()) if path.is_file() else Checked()


def stored_numbers(home: Home, dataset_id: str) -> Sequence[int]:
    """The number of each row in the file that it came from; of a dataset of an older version, its place.

    Raises:
        NotFound: there is none of that id.
    """
    path = stored_rows(home, dataset_id).with_name("numbers.bin")
    if not path.is_file():
        return range(1, stored_info(home, dataset_id).rows + 1)
    numbers = array("I")
    numbers.frombytes(path.read_bytes())
    return numbers


def remove(home: Home, dataset_id: str) -> None:
    """Take the rows of a stored dataset away, all at once.

    Raises:
        NotFound: there is none of that id.
        NotPossibleNow: the disk does not let them go.
    """
    folder = stored_rows(home, dataset_id).parent
    try:
        put_away(folder)
    except OSError as error:
        raise NotPossibleNow(f"{folder} could not be removed: {error.strerror}.") from error

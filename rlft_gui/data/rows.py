"""The rows of any dataset, built in, uploaded or made by a run, as normalised message rows; what stages train on."""

import hashlib
import json
from collections.abc import Iterator
from itertools import islice
from typing import Any

from rlft_gui.data.built_in import built_in
from rlft_gui.data.generated import maker, training_rows
from rlft_gui.data.store import stored_info, stored_numbers, stored_rows
from rlft_gui.domain.dataset import UPLOADED
from rlft_gui.domain.errors import InvalidInput, blaming
from rlft_gui.domain.failure import FailureKind
from rlft_gui.domain.home import Home


@blaming(FailureKind.BAD_DATA)
def load_rows(home: Home, dataset_id: str) -> list[dict[str, Any]]:
    """All rows, in the shape that `DataType` describes.

    Raises:
        NotFound: there is no dataset of that id.
        InvalidInput: a dataset's file is not what was stored: its id would no longer say what was learnt.
    """
    if dataset := built_in(dataset_id):
        return dataset.rows()
    if folder := maker(home, dataset_id):
        return training_rows(folder)
    content = stored_rows(home, dataset_id).read_bytes()
    if hashlib.sha256(content).hexdigest() != stored_info(home, dataset_id).sha256:
        raise InvalidInput(
            f"The rows of dataset {dataset_id} were changed after they were stored; upload its file again."
        )
    return [json.loads(line) for line in content.splitlines()]


def numbered_rows(home: Home, dataset_id: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """All rows, each with its number in the file that it came from; of rows that are built in or were made, its place from 1.

    Raises:
        NotFound, InvalidInput: as `load_rows`.
    """
    rows = load_rows(home, dataset_id)
    is_stored = dataset_id.startswith(UPLOADED)
    return zip(stored_numbers(home, dataset_id) if is_stored else range(1, len(rows) + 1), rows, strict=True)


def first_rows(home: Home, dataset_id: str, count: int) -> list[dict[str, Any]]:
    """The first rows, without reading the others.

    Raises:
        NotFound: there is no dataset of that id.
    """
    if dataset := built_in(dataset_id):
        return dataset.rows()[:count]
    if folder := maker(home, dataset_id):
        return training_rows(folder)[:count]
    with stored_rows(home, dataset_id).open("rb") as file:
        return [json.loads(line) for line in islice(file, count)]

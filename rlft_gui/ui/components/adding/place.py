"""Where a file is added: Gradio's drop zone, and below it what the file turned out to be. Who adds, and what becomes of the
file then, the page says."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import gradio as gr
from pydantic import ValidationError

from rlft_gui.domain.dataset import UPLOADED, Checked, LengthReport
from rlft_gui.domain.errors import InvalidInput
from rlft_gui.services import Services
from rlft_gui.ui.components.adding.columns import ColumnAnswers
from rlft_gui.ui.components.adding.payloads import TRY_COLUMNS, USE_COLUMNS, ShownDataset
from rlft_gui.ui.components.part import part
from rlft_gui.ui.components.rows.examples import example
from rlft_gui.ui.components.rows.payloads import CONVERT, StoredData
from rlft_gui.ui.contract import serve

EXAMPLES = 5


def drop_zone(label: str, elem_id: str) -> gr.File:
    """Stands in a column of the class rl-data, where the script finds it."""
    return gr.File(label=label, height=72, elem_id=elem_id, elem_classes="rl-file")


def preview_part(answers: ColumnAnswers, elem_id: str) -> gr.HTML:
    """Shows a `DataPreview`; its click says that it has had rows stored, which `taken` reads off its value."""
    return part(
        "data-preview",
        module="components/adding/preview.js",
        elem_id=elem_id,
        serves=[
            serve(TRY_COLUMNS, answers.try_columns),
            serve(USE_COLUMNS, answers.use_columns),
            serve(CONVERT, answers.convert),
        ],
    )


@contextmanager
def dropped(path: str | None) -> Iterator[Path]:
    """A file as Gradio keeps it, which is gone afterwards: its rows are stored then, or it was refused.

    Raises:
        InvalidInput: none came along.
    """
    if path is None:
        raise InvalidInput("No file came along. Add it again.")
    try:
        yield Path(path)
    finally:
        Path(path).unlink(missing_ok=True)


def taken(preview: str) -> str:
    """The dataset that a place's part in the browser had stored.

    Raises:
        InvalidInput: it had none stored; no page of ours asks so.
    """
    try:
        return StoredData.model_validate_json(preview).dataset
    except ValidationError:
        raise InvalidInput("The page did not say which data was stored. Reload the page.") from None


def shown_dataset(
    services: Services, dataset_id: str, *, lacks: str | None = None, lengths: LengthReport | None = None
) -> ShownDataset:
    """What a dataset holds, with its first rows.

    Raises:
        NotFound: there is none of that id.
    """
    info = services.datasets.get(dataset_id)
    return ShownDataset(
        name=info.called,
        format=info.format,
        rows=info.rows,
        rows_read=info.rows_read,
        dropped=info.dropped,
        reasons=info.drop_reasons,
        problems=info.problems,
        changes=info.changes,
        not_read=info.columns_not_read,
        notes=info.notes,
        examples=tuple(example(row) for row in services.datasets.preview(dataset_id, EXAMPLES)),
        checks=services.curating.checks(dataset_id) if dataset_id.startswith(UPLOADED) else Checked(),
        lacks=lacks,
        lengths=lengths,
        address=f"/data?id={dataset_id}",
    )

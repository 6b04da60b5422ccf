"""A file that is added on the page of datasets: stored at once whatever its rows are for, or once its columns are named."""

from pathlib import Path

import gradio as gr

from rlft_gui.domain.errors import RlftError
from rlft_gui.services import Services
from rlft_gui.services.datasets.fitting import ASKED
from rlft_gui.ui.components.adding.columns import ColumnAnswers, columns_of
from rlft_gui.ui.components.adding.payloads import DataPreview, FileColumns, RefusedFile
from rlft_gui.ui.components.adding.place import drop_zone, dropped, preview_part, shown_dataset, taken
from rlft_gui.ui.components.json_text import json_text
from rlft_gui.ui.components.part import part
from rlft_gui.ui.identity import current_user
from rlft_gui.ui.page import Update
from rlft_gui.ui.pages.data.payloads import Listed

#: Rows of any type are wanted here.
TYPES = tuple(ASKED)


def build_adding(services: Services) -> tuple[gr.File, gr.HTML]:
    """The drop zone, and what shows what came of a file. Nothing of it is seen while one dataset is looked at."""
    with gr.Column(elem_classes="rl-card-box rl-data rl-data-add"):
        part("data-add", module="pages/data/add.js")
        with gr.Column(elem_classes="rl-data-row rl-alone rl-fields"):
            file = drop_zone("JSON, CSV or Parquet, also in gzip or zip", "add-file")
        preview = preview_part(ColumnAnswers(services), "add-preview")
    return file, preview


def wire_adding(services: Services, file: gr.File, preview: gr.HTML, listed: gr.HTML) -> None:
    adding = _Adding(services)
    event = {"api_visibility": "private", "show_progress": "hidden"}
    file.upload(adding.add, file, [preview, listed, file], **event)
    preview.click(adding.take, preview, [preview, listed], **event)


class _Adding:
    def __init__(self, services: Services) -> None:
        self._services = services

    def add(self, request: gr.Request, path: str | None) -> list[Update]:
        """Updates of the preview, of the list and of the drop zone, which is free for another file."""
        with dropped(path) as file:
            return [*self._told(self.stored(file, current_user(request))), None]

    def take(self, preview: str) -> list[Update]:
        """What the preview has had stored: rows under columns that were named, or made of others."""
        return self._told(self._preview(taken(preview)))

    def stored(self, file: Path, user: str) -> DataPreview:
        """Store a dropped file. Refused, it is kept for a while, and a person may say which column is what."""
        upload = self._services.fitting.keep(file, file.name, user=user)
        columns = columns_of(self._services, TYPES, upload)
        try:
            info = self._services.datasets.store(file, file.name, user=user)
        except RlftError as refusal:
            refused = RefusedFile(file=file.name, problem=str(refusal), used="", upload=upload)
            return DataPreview(refused=refused, columns=columns, types=TYPES)
        return self._preview(info.id, columns)

    def _preview(self, dataset_id: str, columns: FileColumns | None = None) -> DataPreview:
        shown = shown_dataset(self._services, dataset_id)
        return DataPreview(id=dataset_id, dataset=shown, columns=columns, types=TYPES)

    def _told(self, preview: DataPreview) -> list[Update]:
        return [json_text(preview), json_text(Listed(newest=preview.id))]

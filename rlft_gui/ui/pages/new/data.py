"""The wizard's third step: a dataset of the right type for every stage, from those at hand or from a file.

A file is read, judged and stored when it is dropped; what it turned out to be is shown beside five of its rows.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr
from pydantic import ValidationError

from rlft_gui.domain.dataset import ANY_PROMPTS, DatasetInfo, DataType, LengthReport
from rlft_gui.domain.errors import InvalidInput, RlftError
from rlft_gui.services import Services
from rlft_gui.services.datasets.service import LEARNS_TEXT
from rlft_gui.services.pipelines import catalogue
from rlft_gui.ui.components.adding.columns import ColumnAnswers, columns_of, ways_of
from rlft_gui.ui.components.adding.payloads import (
    DataOnItsWay,
    DataPreview,
    FileColumns,
    RefusedFile,
    ShownDataset,
)
from rlft_gui.ui.components.adding.place import drop_zone, preview_part, shown_dataset
from rlft_gui.ui.components.json_text import json_text
from rlft_gui.ui.components.part import part
from rlft_gui.ui.components.rows.nouns import NOUNS
from rlft_gui.ui.components.rows.payloads import ConversionWay, StoredData
from rlft_gui.ui.page import Update
from rlft_gui.ui.pages.new.draft import Draft, Group
from rlft_gui.ui.pages.new.payloads import BoxTitle
from rlft_gui.ui.pages.new.resolved import ResolvedDraft


@dataclass(frozen=True)
class Place:
    """The components of one stage's data: which dataset, a file to add one, and what the chosen one holds. Which stage's,
    the draft says: the first place is of the first stage that a person gives data, and so on."""

    box: gr.Column
    title: gr.HTML
    dataset: gr.Dropdown
    file: gr.File
    preview: gr.HTML

    @property
    def outputs(self) -> list[Any]:
        return [self.box, self.title, self.dataset, self.preview]


def build_data_step(services: Services) -> tuple[Place, ...]:
    """As many places as any pipeline has stages that a person gives data; those that a draft does not need stay hidden."""
    plans = (plan for method in catalogue.offered() for plan in catalogue.every_plan(method))
    most = max(len({link.name for link in plan if link.data is None}) for plan in plans)
    answers = ColumnAnswers(services)
    return tuple(_build_place(number, answers) for number in range(1, most + 1))


def show_data(resolved: ResolvedDraft, places: Sequence[Place]) -> list[Update]:
    shown = [update for group in resolved.takers for update in _show_group(resolved, group)]
    hidden = [gr.update(visible=False), gr.skip(), gr.skip(), gr.skip()]
    return shown + hidden * (len(places) - len(resolved.takers))


def show_preview(resolved: ResolvedDraft, group: Group, dataset_id: str | None) -> Update:
    """What the chosen dataset holds, or why it cannot be used."""
    return json_text(_preview(resolved, group, dataset_id or ""))


def store_upload(
    resolved: ResolvedDraft, group: Group, file: Path, user: str, shown: str | None
) -> tuple[Draft, Update, Update]:
    """Store a dropped file and choose it. Returns the draft and the updates of dropdown and preview; on a refusal
    nothing is stored, the choice `shown` stays, and the sentence stands above what that one holds, with what a person
    may say of the file, which is kept for a while."""
    services, draft = resolved.services, resolved.draft
    upload = services.fitting.keep(file, file.name, user=user)
    columns = columns_of(services, group.kind.data, upload)
    try:
        info = _store(services, group.kind, file, user)
    except RlftError as refusal:
        kept = _preview(resolved, group, shown or "")
        refused = _refused(file.name, upload, refusal, kept, group.kind)
        return draft, gr.skip(), json_text(kept.model_copy(update={"refused": refused, "columns": columns}))
    return take_data(resolved, group, info.id, columns)


def take_data(
    resolved: ResolvedDraft, group: Group, dataset_id: str, columns: FileColumns | None = None
) -> tuple[Draft, Update, Update]:
    """Choose a dataset that has just been stored. Returns the draft and the updates of dropdown and preview."""
    services, draft = resolved.services, resolved.draft
    chosen = draft.model_copy(update={"data": {**draft.data, group.name: dataset_id}})
    dropdown = gr.update(choices=_choices(services, group.kind), value=dataset_id)
    preview = _preview(ResolvedDraft(services, chosen), group, dataset_id)
    return chosen, dropdown, json_text(preview.model_copy(update={"columns": columns}))


def data_on_its_way(preview: str | None) -> str | None:
    """A sentence if something is being added in a place, which would be chosen behind the back of whoever goes on."""
    with suppress(ValidationError):
        coming = DataOnItsWay.model_validate_json(preview or "")
        return f"{coming.on_its_way} is still being read. Go on when its rows are shown, or take it away."
    with suppress(ValidationError):
        StoredData.model_validate_json(preview or "")
        return "The rows have just been stored and are being chosen. Go on when they are shown."
    return None


def not_stored_yet(preview: str | None) -> str | None:
    """A sentence if a file was added in a place, and waits for a word on its columns."""
    with suppress(ValidationError):
        shown = DataPreview.model_validate_json(preview or "")
        if shown.refused and shown.columns:
            return f"{shown.refused.file} is not stored yet. Say below which column is what, or choose a dataset."
    return None


def data_problem(services: Services, kind: catalogue.Stage, dataset_id: str | None) -> str | None:
    """Why the stage cannot learn from that dataset, as a sentence."""
    if not dataset_id:
        return f"{kind.title} has no data yet. {_wanted(kind)} Choose a dataset or drop a file."
    return services.datasets.check_use(dataset_id, kind.data)


def validate_data(
    resolved: ResolvedDraft, shown: Sequence[Any], previews: Sequence[str | None]
) -> list[Update]:
    """One verdict per place's dropdown; those that are not shown are right."""
    problems = [
        data_on_its_way(preview)
        or (None if value else not_stored_yet(preview))
        or data_problem(resolved.services, group.kind, value)
        for group, value, preview in zip(resolved.takers, shown, previews, strict=False)
    ]
    unused = [None] * (len(shown) - len(problems))
    return [gr.validate(problem is None, problem or "") for problem in (*problems, *unused)]


def read_data(resolved: ResolvedDraft, shown: Sequence[Any]) -> Draft:
    """The draft with what the places' dropdowns hold."""
    chosen = {group.name: value for group, value in zip(resolved.takers, shown, strict=False) if value}
    return resolved.draft.model_copy(update={"data": {**resolved.draft.data, **chosen}})


class _OtherType(InvalidInput):
    """A file that can be used, but not by this stage; `there_are` is what its rows hold."""

    def __init__(self, message: str, there_are: DataType) -> None:
        super().__init__(message)
        self.there_are = there_are


def _wanted(kind: catalogue.Stage) -> str:
    """Which rows a stage takes, as a sentence."""
    if set(kind.data) == set(ANY_PROMPTS):
        return "It takes its prompts from any dataset that has some."
    nouns = " or ".join(NOUNS[one][0] for one in kind.data)
    return f"It learns from {nouns}: {'; or '.join(NOUNS[one][1] for one in kind.data)}."


def title_of(group: Group) -> BoxTitle:
    kind = group.kind
    if set(kind.data) == set(ANY_PROMPTS):
        title, sub = f"{kind.title} takes prompts", "from any dataset; answers beside them are not learnt"
    else:
        nouns = " or ".join(NOUNS[each][0] for each in kind.data)
        title, sub = f"{kind.title} learns from {nouns}", "; or ".join(NOUNS[each][1] for each in kind.data)
    return BoxTitle(stage=group.name, title=title, sub=sub)


def _build_place(number: int, answers: ColumnAnswers) -> Place:
    with gr.Column(visible=False, elem_classes="rl-card-box rl-data") as box:
        title = part("box-title", module="pages/new/box_title.js")
        with gr.Row(elem_classes="rl-data-row rl-fields"):
            # Custom values are allowed because Gradio judges by the choices of the start; what is none gets a sentence.
            dataset = gr.Dropdown(
                [], label="Dataset", elem_id=f"data-{number}", allow_custom_value=True, interactive=True
            )
            file = drop_zone("Or add a file (JSON, CSV, Parquet)", f"file-{number}")
        preview = preview_part(answers, f"preview-{number}")
    return Place(box, title, dataset, file, preview)


def _show_group(resolved: ResolvedDraft, group: Group) -> list[Update]:
    choices = _choices(resolved.services, group.kind)
    chosen = resolved.dataset(group.name)
    known = chosen in {value for _, value in choices}
    return [
        gr.update(visible=True),
        json_text(title_of(group)),
        gr.update(choices=choices, value=chosen if known else None),
        show_preview(resolved, group, chosen),
    ]


def _choices(services: Services, kind: catalogue.Stage) -> list[tuple[str, str]]:
    fitting = (info for info in services.datasets.list() if info.type in kind.data and not info.held_out)
    return [(f"{info.called}, {info.rows:,} rows", info.id) for info in fitting]


def _store(services: Services, kind: catalogue.Stage, path: Path, user: str) -> DatasetInfo:
    """The file as a dataset, if it is of a type that the stage takes.

    Raises:
        InvalidInput: it cannot be read, or holds rows of another type; nothing is stored then.
    """
    found = services.datasets.inspect(path, path.name)
    if found.type not in kind.data:
        holds = f"{path.name} holds {NOUNS[found.type][0]} ({found.format})."
        told = f"{holds} {_wanted(kind).replace('It', kind.title, 1)}"
        raise _OtherType(f"{told} {LEARNS_TEXT}" if found.type is DataType.TEXT else told, found.type)
    return services.datasets.keep(found, user=user)


def _preview(resolved: ResolvedDraft, group: Group, dataset_id: str) -> DataPreview:
    plain = DataPreview(id=dataset_id, types=group.kind.data)
    if not dataset_id:
        return plain
    if problem := data_problem(resolved.services, group.kind, dataset_id):
        return plain.model_copy(update={"problem": problem, "ways": _ways(resolved, group, dataset_id)})
    return plain.model_copy(update={"dataset": _shown(resolved, group, dataset_id)})


def _ways(resolved: ResolvedDraft, group: Group, dataset_id: str) -> tuple[ConversionWay, ...]:
    try:
        return ways_of(group.kind.data, resolved.services.datasets.get(dataset_id).type)
    except RlftError:
        return ()


def _shown(resolved: ResolvedDraft, group: Group, dataset_id: str) -> ShownDataset:
    lacks, lengths = _lacks(resolved, group, dataset_id), _lengths(resolved, group, dataset_id)
    return shown_dataset(resolved.services, dataset_id, lacks=lacks, lengths=lengths)


def _refused(
    file: str, upload: str, refusal: RlftError, kept: DataPreview, kind: catalogue.Stage
) -> RefusedFile:
    """What was wrong with a file, what may be made of it, and what the stage learns from without it."""
    used = f"The stage will use {kept.dataset.name} unless you add another file." if kept.dataset else ""
    ways = ways_of(kind.data, refusal.there_are) if isinstance(refusal, _OtherType) else ()
    return RefusedFile(file=file, problem=str(refusal), used=used, upload=upload, ways=ways)


def _lacks(resolved: ResolvedDraft, group: Group, dataset_id: str) -> str | None:
    """What the settings, which may still be changed, need of the rows and do not find."""
    settings = resolved.effective(group.name)
    try:
        return resolved.services.datasets.check_needs(dataset_id, group.kind, settings)
    except RlftError as error:
        return str(error)


def _lengths(resolved: ResolvedDraft, group: Group, dataset_id: str) -> LengthReport | None:
    """How many rows the stage will shorten or drop; None where the model's tokenizer is not at hand."""
    limit = resolved.effective(group.name).get("max_length")
    if not isinstance(limit, int):
        return None
    try:
        return resolved.services.datasets.length_report(dataset_id, resolved.base, limit)
    except RlftError:
        return None

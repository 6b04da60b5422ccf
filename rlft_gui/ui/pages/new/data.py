"""The wizard's third step: a dataset of the right type for every stage, from those at hand or from a file.

A file is read, judged and stored when it is dropped; what it turned out to be is shown beside five of its rows.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr

from rlft_gui.domain.dataset import ANY_PROMPTS, DatasetInfo, LengthReport
from rlft_gui.domain.errors import InvalidInput, RlftError
from rlft_gui.services import Services
from rlft_gui.services.pipelines import catalogue
from rlft_gui.ui.components.json_text import json_text
from rlft_gui.ui.components.part import part
from rlft_gui.ui.page import Update
from rlft_gui.ui.pages.new.draft import Draft, Group
from rlft_gui.ui.pages.new.payloads import BoxTitle, DataPreview, ExampleRow, RefusedFile, ShownDataset
from rlft_gui.ui.pages.new.plan import NOUNS
from rlft_gui.ui.pages.new.resolved import ResolvedDraft

EXAMPLES = 5


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


def build_data_step() -> tuple[Place, ...]:
    """As many places as any pipeline has stages that a person gives data; those that a draft does not need stay hidden."""
    plans = (plan for method in catalogue.offered() for plan in catalogue.every_plan(method))
    most = max(len({link.name for link in plan if link.data is None}) for plan in plans)
    return tuple(_build_place(number) for number in range(1, most + 1))


def show_data(resolved: ResolvedDraft, places: Sequence[Place]) -> list[Update]:
    shown = [update for group in resolved.takers for update in _show_group(resolved, group)]
    hidden = [gr.update(visible=False), gr.skip(), gr.skip(), gr.skip()]
    return shown + hidden * (len(places) - len(resolved.takers))


def show_preview(resolved: ResolvedDraft, group: Group, dataset_id: str | None) -> Update:
    """What the chosen dataset holds, or why it cannot be used."""
    return json_text(_preview(resolved, group, dataset_id or ""))


def store_upload(
    resolved: ResolvedDraft, group: Group, path: str, user: str, shown: str | None
) -> tuple[Draft, Update, Update]:
    """Store a dropped file and choose it. Returns the draft and the updates of dropdown and preview; on a refusal
    nothing is stored, the choice `shown` stays, and the sentence stands above what that one holds."""
    services, draft = resolved.services, resolved.draft
    try:
        info = _store(services, group.kind, Path(path), user)
    except RlftError as refusal:
        kept = _preview(resolved, group, shown or "")
        refused = _refused(Path(path).name, refusal, kept)
        return draft, gr.skip(), json_text(kept.model_copy(update={"refused": refused}))
    chosen = draft.model_copy(update={"data": {**draft.data, group.name: info.id}})
    dropdown = gr.update(choices=_choices(services, group.kind), value=info.id)
    return chosen, dropdown, show_preview(ResolvedDraft(services, chosen), group, info.id)


def data_problem(services: Services, kind: catalogue.Stage, dataset_id: str | None) -> str | None:
    """Why the stage cannot learn from that dataset, as a sentence."""
    if not dataset_id:
        return f"{kind.title} has no data yet. {_wanted(kind)} Choose a dataset or drop a file."
    return services.datasets.check_use(dataset_id, kind.data)


def validate_data(resolved: ResolvedDraft, shown: Sequence[Any]) -> list[Update]:
    """One verdict per place's dropdown; those that are not shown are right."""
    problems = [
        data_problem(resolved.services, group.kind, value)
        for group, value in zip(resolved.takers, shown, strict=False)
    ]
    unused = [None] * (len(shown) - len(problems))
    return [gr.validate(problem is None, problem or "") for problem in (*problems, *unused)]


def read_data(resolved: ResolvedDraft, shown: Sequence[Any]) -> Draft:
    """The draft with what the places' dropdowns hold."""
    chosen = {group.name: value for group, value in zip(resolved.takers, shown, strict=False) if value}
    return resolved.draft.model_copy(update={"data": {**resolved.draft.data, **chosen}})


def _wanted(kind: catalogue.Stage) -> str:
    """Which rows a stage takes, as a sentence."""
    if set(kind.data) == set(ANY_PROMPTS):
        return "It takes its prompts from any dataset."
    nouns = " or ".join(NOUNS[one][0] for one in kind.data)
    return f"It learns from {nouns}: {NOUNS[kind.data[0]][1]}."


def title_of(group: Group) -> BoxTitle:
    kind = group.kind
    if set(kind.data) == set(ANY_PROMPTS):
        title, sub = f"{kind.title} takes prompts", "from any dataset; answers beside them are not learnt"
    else:
        nouns = " or ".join(NOUNS[each][0] for each in kind.data)
        title, sub = f"{kind.title} learns from {nouns}", "; or ".join(NOUNS[each][1] for each in kind.data)
    return BoxTitle(stage=group.name, title=title, sub=sub)


def _build_place(number: int) -> Place:
    with gr.Column(visible=False, elem_classes="rl-card-box rl-data") as box:
        title = part("box-title", module="pages/new/box_title.js")
        with gr.Row(elem_classes="rl-data-row rl-fields"):
            # Custom values are allowed because Gradio judges by the choices of the start; what is none gets a sentence.
            dataset = gr.Dropdown(
                [], label="Dataset", elem_id=f"data-{number}", allow_custom_value=True, interactive=True
            )
            file = gr.File(
                label="Or add a JSON or JSONL file",
                file_types=[".json", ".jsonl"],
                height=72,
                elem_id=f"file-{number}",
                elem_classes="rl-file",
            )
        preview = part("data-preview", module="pages/new/data.js", elem_id=f"preview-{number}")
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
    fitting = (info for info in services.datasets.list() if info.type in kind.data)
    return [(f"{info.name}, {info.rows:,} rows", info.id) for info in fitting]


def _store(services: Services, kind: catalogue.Stage, path: Path, user: str) -> DatasetInfo:
    """The file as a dataset, if it is of a type that the stage takes.

    Raises:
        InvalidInput: it cannot be read, or holds rows of another type; nothing is stored then.
    """
    found = services.datasets.inspect(path, path.name)
    if found.type not in kind.data:
        holds = f"{path.name} holds {NOUNS[found.type][0]} ({found.format})."
        raise InvalidInput(f"{holds} {_wanted(kind).replace('It', kind.title, 1)}")
    return services.datasets.store(path, path.name, user=user)


def _preview(resolved: ResolvedDraft, group: Group, dataset_id: str) -> DataPreview:
    if not dataset_id:
        return DataPreview()
    if problem := data_problem(resolved.services, group.kind, dataset_id):
        return DataPreview(problem=problem)
    return DataPreview(dataset=_shown(resolved, group, dataset_id))


def _shown(resolved: ResolvedDraft, group: Group, dataset_id: str) -> ShownDataset:
    datasets = resolved.services.datasets
    info = datasets.get(dataset_id)
    return ShownDataset(
        name=info.name,
        format=info.format,
        rows=info.rows,
        rows_read=info.rows_read,
        dropped=info.dropped,
        reasons=info.drop_reasons,
        problems=info.problems,
        changes=info.changes,
        not_read=info.columns_not_read,
        examples=tuple(_example(row) for row in datasets.preview(dataset_id, EXAMPLES)),
        lacks=_lacks(resolved, group, dataset_id),
        lengths=_lengths(resolved, group, dataset_id),
    )


def _example(row: Mapping[str, Any]) -> ExampleRow:
    """Of a row's columns, those that are learnt from."""
    return ExampleRow.model_validate({name: row[name] for name in ExampleRow.model_fields if name in row})


def _refused(file: str, refusal: RlftError, kept: DataPreview) -> RefusedFile:
    """What was wrong with a file, and what the stage learns from without it."""
    used = f"The stage will use {kept.dataset.name} unless you add another file." if kept.dataset else ""
    return RefusedFile(file=file, problem=str(refusal), used=used)


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

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
from rlft_gui.ui.pages.new.draft import Draft
from rlft_gui.ui.pages.new.payloads import BoxTitle, DataPreview, ExampleRow, RefusedFile, ShownDataset
from rlft_gui.ui.pages.new.plan import NOUNS
from rlft_gui.ui.pages.new.resolved import ResolvedDraft

EXAMPLES = 5


@dataclass(frozen=True)
class StageData:
    """The components of one stage: which dataset, a file to add one, and what the chosen one holds. `name` is the
    stage's in the pipeline."""

    name: str
    kind: catalogue.Stage
    box: gr.Column
    dataset: gr.Dropdown
    file: gr.File
    preview: gr.HTML

    @property
    def outputs(self) -> list[Any]:
        return [self.box, self.dataset, self.preview]


def build_data_step() -> tuple[StageData, ...]:
    """One group per stage that a person gives data, in an order that suits every method; others stay hidden."""
    last: dict[str, tuple[int, catalogue.Stage]] = {}
    for method in catalogue.offered():
        for plan in catalogue.every_plan(method):
            for position, link in enumerate(plan):
                if link.data is None and not link.round:
                    before = last.get(link.name, (0, None))[0]
                    last[link.name] = (max(before, position), catalogue.stage(link.stage))
    in_order = sorted(last.items(), key=lambda item: item[1][0])
    return tuple(_build_group(name, kind) for name, (_, kind) in in_order)


def show_data(resolved: ResolvedDraft, groups: Sequence[StageData]) -> list[Update]:
    used = _taking(resolved)
    return [update for group in groups for update in _show_group(resolved, group, group.name in used)]


def show_preview(resolved: ResolvedDraft, group: StageData, dataset_id: str | None) -> Update:
    """What the chosen dataset holds, or why it cannot be used."""
    return json_text(_preview(resolved, group, dataset_id or ""))


def store_upload(
    resolved: ResolvedDraft, group: StageData, path: str, user: str, shown: str | None
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


def validate_data(resolved: ResolvedDraft, groups: Sequence[StageData], shown: Sequence[Any]) -> list[Update]:
    """One verdict per dropdown; groups that are not shown are right."""
    used = _taking(resolved)
    problems = [
        data_problem(resolved.services, group.kind, value) if group.name in used else None
        for group, value in zip(groups, shown, strict=True)
    ]
    return [gr.validate(problem is None, problem or "") for problem in problems]


def read_data(draft: Draft, groups: Sequence[StageData], shown: Sequence[Any]) -> Draft:
    chosen = {group.name: value for group, value in zip(groups, shown, strict=True) if value}
    return draft.model_copy(update={"data": {**draft.data, **chosen}})


def _taking(resolved: ResolvedDraft) -> set[str]:
    return {group.name for group in resolved.takers}


def _wanted(kind: catalogue.Stage) -> str:
    """Which rows a stage takes, as a sentence."""
    if set(kind.data) == set(ANY_PROMPTS):
        return "It takes its prompts from any dataset."
    nouns = " or ".join(NOUNS[one][0] for one in kind.data)
    return f"It learns from {nouns}: {NOUNS[kind.data[0]][1]}."


def _title(kind: catalogue.Stage) -> BoxTitle:
    if set(kind.data) == set(ANY_PROMPTS):
        return BoxTitle(
            title=f"{kind.title} takes prompts", sub="from any dataset; answers beside them are not learnt"
        )
    nouns = " or ".join(NOUNS[each][0] for each in kind.data)
    hold = "; or ".join(NOUNS[each][1] for each in kind.data)
    return BoxTitle(title=f"{kind.title} learns from {nouns}", sub=hold)


def _build_group(name: str, kind: catalogue.Stage) -> StageData:
    with gr.Column(visible=False, elem_classes="rl-card-box rl-data") as box:
        part("box-title", _title(kind), module="pages/new/box_title.js")
        with gr.Row(elem_classes="rl-data-row rl-fields"):
            # Custom values are allowed because Gradio judges by the choices of the start; what is none gets a sentence.
            dataset = gr.Dropdown(
                [], label="Dataset", elem_id=f"data-{name}", allow_custom_value=True, interactive=True
            )
            file = gr.File(
                label="Or add a JSON or JSONL file",
                file_types=[".json", ".jsonl"],
                height=72,
                elem_id=f"file-{name}",
                elem_classes="rl-file",
            )
        preview = part("data-preview", module="pages/new/data.js", elem_id=f"preview-{name}")
    return StageData(name, kind, box, dataset, file, preview)


def _show_group(resolved: ResolvedDraft, group: StageData, used: bool) -> list[Update]:
    if not used:
        return [gr.update(visible=False), gr.skip(), gr.skip()]
    choices = _choices(resolved.services, group.kind)
    chosen = resolved.dataset(group.name)
    known = chosen in {value for _, value in choices}
    return [
        gr.update(visible=True),
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


def _preview(resolved: ResolvedDraft, group: StageData, dataset_id: str) -> DataPreview:
    if not dataset_id:
        return DataPreview()
    if problem := data_problem(resolved.services, group.kind, dataset_id):
        return DataPreview(problem=problem)
    return DataPreview(dataset=_shown(resolved, group, dataset_id))


def _shown(resolved: ResolvedDraft, group: StageData, dataset_id: str) -> ShownDataset:
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


def _lacks(resolved: ResolvedDraft, group: StageData, dataset_id: str) -> str | None:
    """What the settings, which may still be changed, need of the rows and do not find."""
    settings = resolved.effective(group.name)
    try:
        return resolved.services.datasets.check_needs(dataset_id, group.kind, settings)
    except RlftError as error:
        return str(error)


def _lengths(resolved: ResolvedDraft, group: StageData, dataset_id: str) -> LengthReport | None:
    """How many rows the stage will shorten or drop; None where the model's tokenizer is not at hand."""
    limit = resolved.effective(group.name).get("max_length")
    if not isinstance(limit, int):
        return None
    try:
        return resolved.services.datasets.length_report(dataset_id, resolved.base, limit)
    except RlftError:
        return None

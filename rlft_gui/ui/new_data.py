"""The wizard's third step: a dataset of the right type for every stage, from those at hand or from a file.

A file is read, judged and stored when it is dropped; what it turned out to be is shown beside five of its rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr

from rlft_gui.domain.dataset import DatasetInfo, DataType
from rlft_gui.domain.errors import InvalidInput, RlftError
from rlft_gui.services import Services, catalogue
from rlft_gui.ui.form import Update
from rlft_gui.ui.json_text import json_text
from rlft_gui.ui.new_draft import Draft, base_of, dataset_of, effective_settings, stages_of
from rlft_gui.ui.parts import part

EXAMPLES = 5
NOUNS = {
    DataType.DEMONSTRATIONS: ("demonstrations", "prompts with a good answer"),
    DataType.PREFERENCES: ("preferences", "prompts with a chosen and a rejected answer"),
    DataType.PROMPTS: ("prompts", "prompts alone"),
}


@dataclass(frozen=True)
class StageData:
    """The components of one stage: which dataset, a file to add one, and what the chosen one holds."""

    stage: catalogue.Stage
    box: gr.Column
    dataset: gr.Dropdown
    file: gr.File
    preview: gr.HTML

    @property
    def outputs(self) -> list[Any]:
        return [self.box, self.dataset, self.preview]


def build_data_step() -> tuple[StageData, ...]:
    """One group per stage that takes data; those of other methods stay hidden."""
    return tuple(_build_group(stage) for stage in catalogue.STAGES if stage.data is not None)


def show_data(services: Services, draft: Draft, groups: Sequence[StageData]) -> list[Update]:
    used = {stage.name for stage in stages_of(draft)}
    return [
        update for group in groups for update in _show_group(services, draft, group, group.stage.name in used)
    ]


def show_preview(services: Services, draft: Draft, stage: catalogue.Stage, dataset_id: str | None) -> Update:
    """What the chosen dataset holds, or why it cannot be used."""
    return json_text(_preview(services, draft, stage, dataset_id or ""))


def store_upload(
    services: Services, draft: Draft, stage: catalogue.Stage, path: str, user: str
) -> tuple[Draft, Update, Update]:
    """Store a dropped file and choose it. Returns the draft and the updates of dropdown and preview; on a refusal
    nothing is stored, the choice stays and the sentence is shown."""
    try:
        info = _store(services, stage, Path(path), user)
    except RlftError as refusal:
        return (
            draft,
            gr.skip(),
            json_text({"problem": str(refusal), "file": Path(path).name}),
        )
    chosen = draft.model_copy(update={"data": {**draft.data, stage.name: info.id}})
    dropdown = gr.update(choices=_choices(services, stage), value=info.id)
    return chosen, dropdown, show_preview(services, chosen, stage, info.id)


def data_problem(services: Services, stage: catalogue.Stage, dataset_id: str | None) -> str | None:
    """Why the stage cannot learn from that dataset, as a sentence."""
    assert stage.data is not None
    if not dataset_id:
        noun, what = NOUNS[stage.data[0]]
        return (
            f"{stage.title} has no data yet. It learns from {noun}: {what}. Choose a dataset or drop a file."
        )
    return services.datasets.check_use(dataset_id, stage.data)


def judge_data(
    services: Services, draft: Draft, groups: Sequence[StageData], shown: Sequence[Any]
) -> list[Update]:
    """One verdict per dropdown; groups that are not shown are right."""
    used = {stage.name for stage in stages_of(draft)}
    problems = [
        data_problem(services, group.stage, value) if group.stage.name in used else None
        for group, value in zip(groups, shown, strict=True)
    ]
    return [gr.validate(problem is None, problem or "") for problem in problems]


def read_data(draft: Draft, groups: Sequence[StageData], shown: Sequence[Any]) -> Draft:
    chosen = {group.stage.name: value for group, value in zip(groups, shown, strict=True) if value}
    return draft.model_copy(update={"data": {**draft.data, **chosen}})


def _build_group(stage: catalogue.Stage) -> StageData:
    assert stage.data is not None
    noun, what = NOUNS[stage.data[0]]
    with gr.Column(visible=False, elem_classes="rl-card-box rl-data") as box:
        title = {"title": f"{stage.title} learns from {noun}", "sub": what}
        part("box-title", title, scripts=("js/new.js",))
        with gr.Row(elem_classes="rl-data-row rl-fields"):
            # Custom values are allowed because Gradio judges by the choices of the start; what is none gets a sentence.
            dataset = gr.Dropdown(
                [], label="Dataset", elem_id=f"data-{stage.name}", allow_custom_value=True, interactive=True
            )
            file = gr.File(
                label="Or add a JSON or JSONL file",
                file_types=[".json", ".jsonl"],
                height=72,
                elem_id=f"file-{stage.name}",
                elem_classes="rl-file",
            )
        preview = part("data-preview", scripts=("js/new_data.js",), elem_id=f"preview-{stage.name}")
    return StageData(stage, box, dataset, file, preview)


def _show_group(services: Services, draft: Draft, group: StageData, used: bool) -> list[Update]:
    if not used:
        return [gr.update(visible=False), gr.skip(), gr.skip()]
    choices = _choices(services, group.stage)
    chosen = dataset_of(services, draft, group.stage.name)
    known = chosen in {value for _, value in choices}
    return [
        gr.update(visible=True),
        gr.update(choices=choices, value=chosen if known else None),
        show_preview(services, draft, group.stage, chosen),
    ]


def _choices(services: Services, stage: catalogue.Stage) -> list[tuple[str, str]]:
    return [
        (f"{info.name}, {info.rows:,} rows", info.id)
        for kind in stage.data
        for info in services.datasets.list(kind)
    ]


def _store(services: Services, stage: catalogue.Stage, path: Path, user: str) -> DatasetInfo:
    """The file as a dataset, if it is of the type that the stage learns from.

    Raises:
        InvalidInput: it cannot be read, or holds rows of another type; nothing is stored then.
    """
    assert stage.data is not None
    found = services.datasets.inspect(path, path.name)
    if found.type not in stage.data:
        noun, what = NOUNS[stage.data[0]]
        raise InvalidInput(
            f"{path.name} holds {NOUNS[found.type][0]} ({found.format}). {stage.title} learns from {noun}: {what}."
        )
    return services.datasets.store(path, path.name, user=user)


def _preview(services: Services, draft: Draft, stage: catalogue.Stage, dataset_id: str) -> dict[str, Any]:
    if not dataset_id:
        return {}
    if problem := data_problem(services, stage, dataset_id):
        return {"problem": problem}
    info = services.datasets.get(dataset_id)
    return {
        "name": info.name,
        "format": info.format,
        "rows": info.rows,
        "rows_read": info.rows_read,
        "dropped": info.dropped,
        "reasons": dict(info.drop_reasons),
        "problems": [problem.model_dump() for problem in info.problems],
        "examples": services.datasets.preview(dataset_id, EXAMPLES),
        "lengths": _lengths(services, draft, stage, dataset_id),
    }


def _lengths(
    services: Services, draft: Draft, stage: catalogue.Stage, dataset_id: str
) -> dict[str, Any] | None:
    """How many rows the stage will shorten or drop; None where the model's tokenizer is not at hand."""
    limit = effective_settings(services, draft, stage.name).get("max_length")
    if not isinstance(limit, int):
        return None
    try:
        return services.datasets.length_report(dataset_id, base_of(services, draft), limit).model_dump()
    except RlftError:
        return None

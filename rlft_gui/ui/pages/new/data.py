"""The wizard's third step: a dataset of the right type for every stage, from those at hand or from a file.

A file is read, judged and stored when it is dropped; what it turned out to be is shown beside five of its rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr

from rlft_gui.domain.dataset import ANY_PROMPTS, DatasetInfo
from rlft_gui.domain.errors import InvalidInput, RlftError
from rlft_gui.services import Services
from rlft_gui.services.pipelines import catalogue
from rlft_gui.ui.components.json_text import json_text
from rlft_gui.ui.components.part import part
from rlft_gui.ui.page import Update
from rlft_gui.ui.pages.new.draft import Draft, Group, base_of, dataset_of, effective_settings, groups_of
from rlft_gui.ui.pages.new.plan import NOUNS

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


def show_data(services: Services, draft: Draft, groups: Sequence[StageData]) -> list[Update]:
    used = _taking(draft)
    return [update for group in groups for update in _show_group(services, draft, group, group.name in used)]


def show_preview(services: Services, draft: Draft, group: StageData, dataset_id: str | None) -> Update:
    """What the chosen dataset holds, or why it cannot be used."""
    return json_text(_preview(services, draft, group, dataset_id or ""))


def store_upload(
    services: Services, draft: Draft, group: StageData, path: str, user: str, shown: str | None
) -> tuple[Draft, Update, Update]:
    """Store a dropped file and choose it. Returns the draft and the updates of dropdown and preview; on a refusal
    nothing is stored, the choice `shown` stays, and the sentence stands above what that one holds."""
    try:
        info = _store(services, group.kind, Path(path), user)
    except RlftError as refusal:
        kept = _preview(services, draft, group, shown or "")
        return draft, gr.skip(), json_text({**kept, "refused": _refused(Path(path).name, refusal, kept)})
    chosen = draft.model_copy(update={"data": {**draft.data, group.name: info.id}})
    dropdown = gr.update(choices=_choices(services, group.kind), value=info.id)
    return chosen, dropdown, show_preview(services, chosen, group, info.id)


def data_problem(services: Services, kind: catalogue.Stage, dataset_id: str | None) -> str | None:
    """Why the stage cannot learn from that dataset, as a sentence."""
    if not dataset_id:
        return f"{kind.title} has no data yet. {_wanted(kind)} Choose a dataset or drop a file."
    return services.datasets.check_use(dataset_id, kind.data)


def validate_data(
    services: Services, draft: Draft, groups: Sequence[StageData], shown: Sequence[Any]
) -> list[Update]:
    """One verdict per dropdown; groups that are not shown are right."""
    used = _taking(draft)
    problems = [
        data_problem(services, group.kind, value) if group.name in used else None
        for group, value in zip(groups, shown, strict=True)
    ]
    return [gr.validate(problem is None, problem or "") for problem in problems]


def read_data(draft: Draft, groups: Sequence[StageData], shown: Sequence[Any]) -> Draft:
    chosen = {group.name: value for group, value in zip(groups, shown, strict=True) if value}
    return draft.model_copy(update={"data": {**draft.data, **chosen}})


def _taking(draft: Draft) -> dict[str, Group]:
    return {group.name: group for group in groups_of(draft) if group.takes_data}


def _wanted(kind: catalogue.Stage) -> str:
    """Which rows a stage takes, as a sentence."""
    if set(kind.data) == set(ANY_PROMPTS):
        return "It takes its prompts from any dataset."
    nouns = " or ".join(NOUNS[one][0] for one in kind.data)
    return f"It learns from {nouns}: {NOUNS[kind.data[0]][1]}."


def _title(kind: catalogue.Stage) -> dict[str, str]:
    if set(kind.data) == set(ANY_PROMPTS):
        return {
            "title": f"{kind.title} takes prompts",
            "sub": "from any dataset; answers beside them are not read",
        }
    nouns = " or ".join(NOUNS[one][0] for one in kind.data)
    return {
        "title": f"{kind.title} learns from {nouns}",
        "sub": "; or ".join(NOUNS[one][1] for one in kind.data),
    }


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


def _show_group(services: Services, draft: Draft, group: StageData, used: bool) -> list[Update]:
    if not used:
        return [gr.update(visible=False), gr.skip(), gr.skip()]
    choices = _choices(services, group.kind)
    chosen = dataset_of(services, draft, group.name)
    known = chosen in {value for _, value in choices}
    return [
        gr.update(visible=True),
        gr.update(choices=choices, value=chosen if known else None),
        show_preview(services, draft, group, chosen),
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


def _preview(services: Services, draft: Draft, group: StageData, dataset_id: str) -> dict[str, Any]:
    if not dataset_id:
        return {}
    if problem := data_problem(services, group.kind, dataset_id):
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
        "changes": info.changes,
        "not_read": info.columns_not_read,
        "examples": services.datasets.preview(dataset_id, EXAMPLES),
        "lacks": _lacks(services, draft, group, dataset_id),
        "lengths": _lengths(services, draft, group, dataset_id),
    }


def _refused(file: str, refusal: RlftError, kept: dict[str, Any]) -> dict[str, str]:
    """What was wrong with a file, and what the stage learns from without it."""
    used = f"The stage will use {kept['name']} unless you add another file." if "name" in kept else ""
    return {"file": file, "problem": str(refusal), "used": used}


def _lacks(services: Services, draft: Draft, group: StageData, dataset_id: str) -> str | None:
    """What the settings, which may still be changed, need of the rows and do not find."""
    settings = effective_settings(services, draft, group.name)
    try:
        return services.datasets.check_needs(dataset_id, group.kind, settings)
    except RlftError as error:
        return str(error)


def _lengths(services: Services, draft: Draft, group: StageData, dataset_id: str) -> dict[str, Any] | None:
    """How many rows the stage will shorten or drop; None where the model's tokenizer is not at hand."""
    limit = effective_settings(services, draft, group.name).get("max_length")
    if not isinstance(limit, int):
        return None
    try:
        return services.datasets.length_report(dataset_id, base_of(services, draft), limit).model_dump()
    except RlftError:
        return None

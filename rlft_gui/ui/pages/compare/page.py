"""Compare: the same prompt answered by several models at once, and what was answered before.

The page asks for everything through server functions: what can be compared, to start, to follow by version, to stop.
A comparison lives in rows, so a reload goes on where it was; the address names models, prompt and comparison.
"""

from typing import Any

import gradio as gr
from pydantic import Field

from rlft_gui.domain._base import Frozen
from rlft_gui.domain.comparison import Comparison, ModelRef, Sampling
from rlft_gui.domain.errors import RlftError
from rlft_gui.domain.run import Run
from rlft_gui.domain.suite import PromptItem
from rlft_gui.services import Services
from rlft_gui.services.pipelines import catalogue
from rlft_gui.services.pipelines.settings import bounds, settings_problems
from rlft_gui.ui.components.part import Serve, frame, part
from rlft_gui.ui.contract import Nothing
from rlft_gui.ui.page import Page

RECENT = 5
#: The sampling settings that the page offers; the others keep their defaults.
OFFERED = ("temperature", "seed", "max_new_tokens")


class Start(Frozen):
    """What the form holds. The sampling values are as typed: they are judged with a sentence each."""

    models: tuple[str, ...]
    prompt: str
    item_id: str | None = None
    sampling: dict[str, Any] = Field(default_factory=dict)


class Follow(Frozen):
    """A comparison and the version that the page has of it; 0 for none."""

    id: str
    version: int = 0


def build(services: Services, demo: gr.Blocks) -> None:
    frame(services)
    serves = [
        Serve("compare_choices", Nothing, lambda _asked, _user: choices(services)),
        Serve("compare_recent", Nothing, lambda _asked, _user: recent(services)),
        Serve("compare_start", Start, lambda asked, user: start(services, asked, user)),
        Serve("compare_poll", Follow, lambda asked, _user: poll(services, asked)),
        Serve("compare_stop", Follow, lambda asked, user: stop(services, asked, user)),
    ]
    part(
        "compare",
        {"sampling": _sampling_fields()},
        module="pages/compare/compare.js",
        serves=serves,
        elem_id="compare",
    )


def choices(services: Services) -> dict[str, Any]:
    """What can be compared: runs with a complete checkpoint, the suite's prompts, and earlier comparisons."""
    runs = services.comparing.choices()
    bases = dict.fromkeys(["lantern", *(run.base for run in runs)])
    return {
        "runs": [_run(run) for run in runs],
        "bases": {base: _base_title(services, base) for base in bases},
        "suite": [_item(item) for item in catalogue.suite()],
        **recent(services),
    }


def recent(services: Services) -> dict[str, Any]:
    """What was compared before, newest first."""
    return {"recent": [_recent(one) for one in services.comparing.list(RECENT)]}


def start(services: Services, asked: Start, user: str) -> dict[str, Any]:
    """A new comparison, or a sentence per field that stands in its way; nothing is stored then."""
    problems = settings_problems(Sampling, asked.sampling, path="sampling", title="a first look")
    if problems:
        return {"problems": {problem.field.rpartition(".")[2]: problem.message for problem in problems}}
    if not asked.prompt.strip():
        return {
            "problems": {"prompt": "There is no prompt yet. Type a question, or choose one from the suite."}
        }
    try:
        started = services.comparing.start(
            asked.models,
            [asked.prompt],
            Sampling.model_validate(asked.sampling),
            user=user,
            item_ids=[asked.item_id],
        )
    except RlftError as refusal:
        return {"problems": {"models": str(refusal)}}
    return {"comparison": _comparison(services, started)}


def poll(services: Services, asked: Follow) -> dict[str, Any]:
    """The comparison if it has changed since the version that the page has; else nothing."""
    changed = services.comparing.poll(asked.id, asked.version)
    return {"comparison": _comparison(services, changed) if changed else None}


def stop(services: Services, asked: Follow, user: str) -> dict[str, Any]:
    services.comparing.stop(asked.id, user=user)
    return {}


def _comparison(services: Services, comparison: Comparison) -> dict[str, Any]:
    items = {item.id: item for item in catalogue.suite()}
    known = [items.get(item_id or "") for item_id in comparison.item_ids]
    return {
        **comparison.model_dump(mode="json"),
        "criteria": [list(catalogue.criteria(item)) if item else [] for item in known],
        "base_title": _base_title(services, comparison.base),
        "names": {model: _name(services, model) for model in comparison.models},
    }


def _name(services: Services, model: str) -> dict[str, str] | None:
    """How the form calls a model of an old comparison; None for the base, and for a run that is gone."""
    ref = ModelRef.parse(model)
    try:
        return _run(services.runs.get(ref.run_id)) if ref.run_id else None
    except RlftError:
        return None


def _run(run: Run) -> dict[str, Any]:
    return {
        "id": run.id,
        "title": f"{run.title or run.id} · {catalogue.stage(run.stage).title}",
        "palette": catalogue.palette(run.method, run.stage),
        "base": run.base,
        "pipeline": run.pipeline_id,
        "step": run.step,
    }


def _item(item: PromptItem) -> dict[str, Any]:
    return {"id": item.id, "kind": item.kind, "prompt": item.prompt, "note": item.note}


def _recent(comparison: Comparison) -> dict[str, Any]:
    return {
        "id": comparison.id,
        "prompt": comparison.prompts[0],
        "more_prompts": len(comparison.prompts) - 1,
        "panes": [[one.title, one.method] for one in comparison.generations if one.prompt_index == 0],
        "sampling": [
            [Sampling.model_fields[name].title, getattr(comparison.sampling, name)]
            for name in ("temperature", "seed")
        ],
        "created_at": comparison.created_at,
    }


def _base_title(services: Services, base: str) -> str:
    try:
        return services.models.describe(base).title
    except RlftError:
        return base


def _sampling_fields() -> list[dict[str, Any]]:
    fields = Sampling.model_fields
    return [
        {
            "name": name,
            "title": fields[name].title,
            "about": fields[name].description,
            "default": fields[name].default,
            "bounds": bounds(fields[name]),
        }
        for name in OFFERED
    ]


PAGE = Page("Compare", "compare", build, styles=("pages/compare/page.css",))

"""In the wizard's third step, under the data: by what all stages are judged, held-out prompts and what scores answers to them.

Its answers stand in the draft beside the settings of the stages, as those of a group of its own, and go into the pipeline
as its measure.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import gradio as gr

from rlft_gui.domain.dataset import ANY_PROMPTS
from rlft_gui.services import Services
from rlft_gui.services.pipelines import catalogue
from rlft_gui.services.pipelines.measuring import knows_what_is_right
from rlft_gui.services.pipelines.settings import settings_problems
from rlft_gui.ui.components.fields import Field, is_used, matters, read_fields
from rlft_gui.ui.components.form import form_view
from rlft_gui.ui.components.json_text import json_text
from rlft_gui.ui.components.part import part
from rlft_gui.ui.contract import serve
from rlft_gui.ui.page import Update
from rlft_gui.ui.pages.new.draft import MEASURE, Draft
from rlft_gui.ui.pages.new.offers import Offers
from rlft_gui.ui.pages.new.payloads import FILL_MEASURE, JudgingSetting, MeasureStep, Sentences, SettingsGroup
from rlft_gui.ui.pages.new.resolved import ResolvedDraft

TITLE = "How it is judged"
UNJUDGED = (
    "Nothing here knows what is right: the held-out prompts have no good answers, and nothing scores what is said. Length and "
    "distance will be measured, and that is all. Score answers by a rule, a reward model or a judge, or hold out "
    "prompts with answers."
)
_ORDER = ("held_out", "rewards", "reward_model", "judge", "judge_url", "judge_patience", "rubric")


def build_measure(services: Services) -> gr.HTML:
    def fill(draft: Draft, _user: str) -> MeasureStep:
        return measure_step(ResolvedDraft(services, draft))

    return part(
        "measure", module="pages/new/measure.js", serves=[serve(FILL_MEASURE, fill)], elem_id="measure"
    )


def show_measure(resolved: ResolvedDraft) -> Update:
    return json_text(measure_step(resolved))


def measure_step(resolved: ResolvedDraft) -> MeasureStep:
    spec = resolved.spec_or_none
    has_data = all(resolved.dataset(group.name) for group in resolved.takers)
    is_judged = spec is None or not has_data or knows_what_is_right(resolved.services.datasets, spec)
    return MeasureStep(
        draft=resolved.draft,
        groups=(_group(resolved),) if resolved.draft.method else (),
        problems=_problems(resolved),
        reshaping=(),
        kept_out=resolved.services.launching.kept_out(spec) if spec else (),
        unjudged="" if is_judged else UNJUDGED,
    )


def judged_by(resolved: ResolvedDraft) -> list[JudgingSetting]:
    """What a person chose, for Review."""
    values = resolved.measure
    return [
        JudgingSetting(stage=TITLE, title=field.title.lower(), value=_in_words(resolved, field, values))
        for field in fields()
        if field.name in values and is_used(field.name, catalogue.MeasureSettings, values)
    ]


def fields() -> tuple[Field, ...]:
    """The most telling first; held-out prompts are chosen from datasets."""
    found = {field.name: field for field in read_fields(catalogue.MeasureSettings)}
    found["held_out"] = replace(found["held_out"], kind="choice")
    return tuple(found[name] for name in _ORDER)


def _group(resolved: ResolvedDraft) -> SettingsGroup:
    offers, shown = Offers(resolved.services, resolved.base), fields()
    offered = {field.name: offers.of(field.kind) for field in shown}
    offered["held_out"] = _datasets(resolved)
    return SettingsGroup(
        name=MEASURE,
        title=TITLE,
        sub="the same for all stages, before the first step and as they go on",
        fields=form_view(shown, resolved.measure, {}, {}, offered),
        matters=matters(catalogue.MeasureSettings),
    )


def _datasets(resolved: ResolvedDraft) -> list[tuple[str, str]]:
    """Splitting, what is marked as held out, and what is chosen though it is not, or is gone: another that stands there in
    its place would look chosen."""
    chosen = resolved.measure.get("held_out")
    found = [
        (info.id, f"{info.called}, {info.rows:,} rows")
        for info in resolved.services.datasets.list()
        if info.type in ANY_PROMPTS and (info.held_out or info.id == chosen)
    ]
    if isinstance(chosen, str) and chosen not in {"", *(dataset for dataset, _ in found)}:
        found.append((chosen, f"{chosen[:80]}, not offered here"))
    return [("", f"{_share(resolved)} of the training prompts, kept out of training"), *found]


def _share(resolved: ResolvedDraft) -> str:
    """By the stages' own settings; the prompts are the same ones for the same data."""
    shares = {
        float(value)
        for group in resolved.groups
        if isinstance(
            value := resolved.effective(group.name).get("eval_share", _default(group.kind)), int | float
        )
    }
    if not shares:
        return "None"
    low, high = min(shares), max(shares)
    return f"{low:.0%}" if low == high else f"{low:.0%} to {high:.0%}"


def _default(kind: catalogue.Stage) -> Any:
    field = kind.settings.model_fields.get("eval_share")
    return field.default if field else None


def _problems(resolved: ResolvedDraft) -> Sentences:
    told = settings_problems(catalogue.MeasureSettings, resolved.measure, path=MEASURE, title=TITLE)
    if not told and (spec := resolved.spec_or_none):
        whole = resolved.services.launching.check(spec)
        told = tuple(problem for problem in whole if problem.field.startswith(f"{MEASURE}."))
    sentences = {problem.field.partition(".")[2] or "held_out": problem.message for problem in reversed(told)}
    return {MEASURE: sentences} if sentences else {}


def _in_words(resolved: ResolvedDraft, field: Field, values: Mapping[str, Any]) -> str:
    if field.name == "held_out":
        return dict(_datasets(resolved)).get(values["held_out"], str(values["held_out"]))
    return field.written(values[field.name])

"""The frozen recipe of a run as names and values for people, and the text that repeats it."""

from collections.abc import Mapping
from typing import Any

from pydantic.fields import FieldInfo

from rlft_gui.domain.recipe import PipelineSpec, Recipe
from rlft_gui.domain.run import Run
from rlft_gui.services.answers.batching import BATCH, command_of
from rlft_gui.services.datasets.accounts import DataAccount, told
from rlft_gui.services.models.titles import base_title
from rlft_gui.services.pipelines.catalogue import STAGES, MeasureSettings
from rlft_gui.services.pipelines.specs import command, file_name, to_yaml
from rlft_gui.ui.components.fields import is_used
from rlft_gui.ui.components.run_card import stage_title
from rlft_gui.ui.pages.run.payloads import RunRecipe


def recipe_of(run: Run, spec: PipelineSpec, names: Mapping[str, str], account: DataAccount) -> RunRecipe:
    """`names` says what datasets are called, and `account` what became of the rows."""
    recipe = run.recipe
    fields = _fields(recipe.stage)
    rows = [("Stage", stage_title(recipe.stage)), ("Base model", base_title(recipe.base))]
    if recipe.parent:
        at = f", step {recipe.parent.step}" if recipe.parent.step is not None else ", last checkpoint"
        rows.append(("Starts from", f"{recipe.parent.run_id}{at}"))
    settings = _that_matter(recipe)
    if (data := str(settings.get("data", ""))) in names:
        settings["data"] = f"{names[data]} ({data})"
    rows += [_row(fields, name, value) for name, value in settings.items() if not _advanced(fields, name)]
    rows += _judged(recipe, names)
    rows += told(account)
    rows.append(("Seed", str(recipe.seed)))
    more = [_row(fields, name, value) for name, value in settings.items() if _advanced(fields, name)]
    more.append(("Versions", ", ".join(f"{name} {version}" for name, version in recipe.versions.items())))
    return RunRecipe(
        rows=tuple(rows),
        more=tuple(more),
        yaml=to_yaml(spec, names),
        file=file_name(spec),
        command=command_of(recipe) if recipe.stage == BATCH else command(spec),
    )


def _judged(recipe: Recipe, names: Mapping[str, str]) -> list[tuple[str, str]]:
    """By what the pipeline said that it is judged."""
    chosen = {name: value for name, value in recipe.measure.items() if value not in ("", {}, None)}
    if (held_out := str(chosen.get("held_out", ""))) in names:
        chosen["held_out"] = f"{names[held_out]} ({held_out})"
    fields = dict(MeasureSettings.model_fields)
    used = {name: value for name, value in chosen.items() if is_used(name, MeasureSettings, recipe.measure)}
    return [_row(fields, name, value) for name, value in used.items()]


def _that_matter(recipe: Recipe) -> dict[str, Any]:
    """Settings that this run used: no judge where no reward asks one, nothing that is empty."""
    model = next((one.settings for one in STAGES if one.name == recipe.stage), None)
    return {
        name: value
        for name, value in recipe.settings.items()
        if value != "" and (model is None or is_used(name, model, recipe.settings))
    }


def _fields(stage: str) -> dict[str, FieldInfo]:
    """The stage's settings; none if this version no longer has the stage."""
    return next((one.settings.model_fields for one in STAGES if one.name == stage), {})


def _advanced(fields: dict[str, FieldInfo], name: str) -> bool:
    extra = fields[name].json_schema_extra if name in fields else None
    return isinstance(extra, dict) and extra.get("group") == "advanced"


def _row(fields: dict[str, FieldInfo], name: str, value: object) -> tuple[str, str]:
    title = fields[name].title if name in fields else None
    return title or name, _value(value)


def _value(value: object) -> str:
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):  # rubrics and constitutions have a name and are whole in the YAML
        return str(value.get("name") or ", ".join(f"{name} {_value(one)}" for name, one in value.items()))
    if isinstance(value, list | tuple):
        return ", ".join(_value(one) for one in value)
    return f"{value:g}" if isinstance(value, float) else str(value)

"""The frozen recipe of a run as names and values for people, and the text that repeats it."""

from typing import Any

from rlft_gui.domain.recipe import PipelineSpec
from rlft_gui.domain.run import Run
from rlft_gui.services.specs import command, to_yaml
from rlft_gui.ui.run_view import base_title, stage_title


def recipe_view(run: Run, spec: PipelineSpec) -> dict[str, Any]:
    """`{"rows": [[name, value]], "yaml": …, "command": …}`; the YAML is the whole pipeline's."""
    recipe = run.recipe
    rows = [("Stage", stage_title(recipe.stage)), ("Base model", base_title(recipe.base))]
    if recipe.parent:
        at = f", step {recipe.parent.step}" if recipe.parent.step is not None else ", last checkpoint"
        rows.append(("Starts from", f"{recipe.parent.run_id}{at}"))
    rows += [(_words(name), _value(value)) for name, value in recipe.settings.items()]
    rows.append(("Seed", str(recipe.seed)))
    rows.append(("Versions", ", ".join(f"{name} {version}" for name, version in recipe.versions.items())))
    return {"rows": rows, "yaml": to_yaml(spec), "command": command(spec)}


def _words(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _value(value: object) -> str:
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(_value(one) for one in value)
    return f"{value:g}" if isinstance(value, float) else str(value)

"""Settings that are texts of their own: a rubric or a constitution, named as shipped or written out.

A name stands for the file in presets/; validation replaces it by what the file holds, so that a recipe is whole and a
later edit of the file changes no run.
"""

from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator

from rlft_gui.domain.constitution import Constitution
from rlft_gui.domain.rubric import Rubric
from rlft_gui.domain.yaml_text import read_yaml
from rlft_gui.resources import presets_dir


def shipped(kind: str) -> tuple[str, ...]:
    """Names of the shipped texts of a kind: "rubrics" or "constitutions"."""
    return tuple(sorted(file.stem for file in _folder(kind).glob("*.yaml")))


def shipped_text(kind: str, name: str) -> str:
    """What the file of a shipped text holds."""
    return (_folder(kind) / f"{name}.yaml").read_text(encoding="utf-8")


def _folder(kind: str) -> Path:
    return presets_dir() / kind


def _written_out(kind: str, value: Any) -> Any:
    """The mapping that a name or a YAML text stands for; anything else stays as it is, to be refused."""
    if not isinstance(value, str):
        return value
    if "\n" not in value:
        if value not in shipped(kind):
            raise ValueError(f'There is no "{value}" in {kind}. Choose one of: {", ".join(shipped(kind))}.')
        value = shipped_text(kind, value)
    return read_yaml(value)


RubricSetting = Annotated[Rubric, BeforeValidator(lambda value: _written_out("rubrics", value))]
ConstitutionSetting = Annotated[
    Constitution, BeforeValidator(lambda value: _written_out("constitutions", value))
]

"""A settings model read as form fields: what each is called, which control fits, and what its help says.

Data only; rlft_gui.ui.form makes Gradio components of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from rlft_gui.services.settings import bounds_text, choices, number

Kind = Literal["number", "whole number", "choice", "switch", "text"]


@dataclass(frozen=True)
class Field:
    """One setting as a form shows it."""

    name: str
    title: str
    about: str
    kind: Kind
    bounds: str  #: e.g. "1e-7 to 0.01", or empty
    choices: tuple[Any, ...]
    default: Any
    optional: bool  #: empty is a value
    advanced: bool

    def help(self, proposed: Any, preset: str | None) -> str:
        """The text under the field: what it is, its bounds, and where the proposed value comes from."""
        parts = [self.about.rstrip()]
        if self.bounds:
            parts.append(f"{self.bounds[0].upper()}{self.bounds[1:]}.")
        if proposed not in (None, ""):
            parts.append(f"{'Preset ' + preset if preset else 'Default'}: {self.written(proposed)}.")
        return " ".join(part for part in parts if part)

    def written(self, value: Any) -> str:
        """A value in words, as help, review and step labels write it."""
        if value is None or value == "":
            return "none"
        if self.kind == "switch":
            return "on" if value else "off"
        return number(value)

    def read(self, shown: Any) -> Any:
        """What a control holds, as the settings model wants it; what it cannot be stays as it is, to be refused."""
        if shown == "" and self.optional:
            return None
        if self.kind == "whole number" and isinstance(shown, float) and shown.is_integer():
            return int(shown)
        return shown


def read_fields(model: type[BaseModel]) -> tuple[Field, ...]:
    """The fields of a settings model in their order, without those that name data (they have a step of their own)."""
    extras = {name: _extra(info) for name, info in model.model_fields.items()}
    return tuple(
        _field(name, info, extras[name])
        for name, info in model.model_fields.items()
        if extras[name].get("control") != "data"
    )


def _field(name: str, info: FieldInfo, extra: Mapping[str, Any]) -> Field:
    return Field(
        name=name,
        title=info.title or name,
        about=info.description or "",
        kind=_kind(info),
        bounds=bounds_text(info),
        choices=choices(info),
        default=None if info.is_required() else info.default,
        optional=type(None) in get_args(info.annotation),
        advanced=extra.get("group") == "advanced",
    )


def _kind(info: FieldInfo) -> Kind:
    if choices(info):
        return "choice"
    types = {info.annotation, *get_args(info.annotation)}
    if bool in types:
        return "switch"
    if int in types:
        return "whole number"
    return "number" if float in types else "text"


def _extra(info: FieldInfo) -> Mapping[str, Any]:
    return info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}

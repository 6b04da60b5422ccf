"""A settings model read as form fields: what each is called, which control fits, and what its help says.

Data only, and both ways: what a control shows for a value, and the value of what it shows. components/controls/ draws.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from rlft_gui.domain.errors import InvalidInput
from rlft_gui.domain.reward_text import read_rewards, write_rewards
from rlft_gui.domain.yaml_text import read_yaml, write_yaml
from rlft_gui.services.pipelines.settings import bounds_text, choices, number

Kind = Literal[
    "number",
    "whole number",
    "choice",
    "switch",
    "text",
    "rewards",  #: terms with their weights, one a line
    "reward",  #: one term, or none
    "judge",
    "reward_model",
    "rubric",
    "constitution",
]
#: Texts of their own: the name of a shipped one, or YAML written out.
DOCUMENTS = ("rubric", "constitution")
#: Controls that say what is good; a review names them even where they are as proposed.
JUDGING = ("rewards", "reward", "judge", *DOCUMENTS)
_OWN_CONTROLS = ("rewards", "reward", "judge", "reward_model", *DOCUMENTS)


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

    def help(self, proposed: Any, source: str = "") -> str:
        """The text under the field: what it is, its bounds, and the proposed value with where it comes from."""
        parts = [self.about.rstrip()]
        if self.bounds:
            parts.append(f"{self.bounds[0].upper()}{self.bounds[1:]}.")
        if proposed not in (None, "", {}):
            parts.append(f"{source or 'Default'}: {self.written(proposed)}.")
        return " ".join(part for part in parts if part)

    def written(self, value: Any) -> str:
        """A value in words, as help, review and step labels write it."""
        if value is None or value == "":
            return "none"
        if self.kind == "switch":
            return "on" if value else "off"
        if self.kind == "rewards" and isinstance(value, Mapping):
            return ", ".join(f"{term} × {number(weight)}" for term, weight in value.items())
        if self.kind in DOCUMENTS and isinstance(value, Mapping):
            return f"{value.get('name', 'unnamed')}, edited"
        return number(value)

    def shown(self, value: Any) -> Any:
        """What the control shows for a value."""
        if isinstance(value, Mapping):
            if self.kind == "rewards":
                return write_rewards(value)
            return write_yaml(dict(value))
        return "" if value is None else value

    def read(self, shown: Any) -> Any:
        """The value of what a control shows; what it cannot be stays as it is, to be refused."""
        if shown in ("", None) and self.optional:
            return None
        if self.kind == "rewards" and isinstance(shown, str):
            return _rewards_or_text(shown)
        if self.kind in DOCUMENTS and isinstance(shown, str) and "\n" in shown:
            return _mapping_or_text(shown)
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


def matters(model: type[BaseModel]) -> dict[str, list[tuple[str, str]]]:
    """For each setting the others that it depends on, each with the word that must stand there."""
    needs = {name: _extra(info).get("needs", ()) for name, info in model.model_fields.items()}
    return {
        name: [(other, word) for other, word in pairs if other in model.model_fields]
        for name, pairs in needs.items()
        if pairs
    }


def judging(model: type[BaseModel], values: Mapping[str, Any]) -> tuple[Field, ...]:
    """The settings that say what is good, as far as they matter with these values."""
    controls = {name: _extra(info).get("control") for name, info in model.model_fields.items()}
    return tuple(
        field
        for field in read_fields(model)
        if controls[field.name] in JUDGING and values.get(field.name) and is_used(field.name, model, values)
    )


def is_used(name: str, model: type[BaseModel], values: Mapping[str, Any]) -> bool:
    """Whether a setting matters, given the values of all."""
    return all(
        any(str(part).startswith(word) for part in _parts(values.get(other)))
        and is_used(other, model, values)
        for other, word in matters(model).get(name, [])
    )


def _parts(value: Any) -> Collection[Any]:
    """What a value names: the terms of rewards, else itself; nothing if it is empty."""
    return value if isinstance(value, Mapping) else [value] if value else []


def _field(name: str, info: FieldInfo, extra: Mapping[str, Any]) -> Field:
    return Field(
        name=name,
        title=info.title or name,
        about=info.description or "",
        kind=_kind(info, extra),
        bounds=bounds_text(info),
        choices=choices(info),
        default=None if info.is_required() else info.get_default(call_default_factory=True),
        optional=type(None) in get_args(info.annotation),
        advanced=extra.get("group") == "advanced",
    )


def _kind(info: FieldInfo, extra: Mapping[str, Any]) -> Kind:
    if extra.get("control") in _OWN_CONTROLS:
        return cast(Kind, extra["control"])
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


def _rewards_or_text(text: str) -> Any:
    try:
        return read_rewards(text)
    except InvalidInput:
        return text


def _mapping_or_text(text: str) -> Any:
    try:
        found = read_yaml(text)
    except InvalidInput:
        return text
    return found if isinstance(found, dict) else text

"""Settings as a form that the browser draws: one model per field, with what its control shows and offers.

It knows nothing about stages. Whether a value is right is for the services to say; controls/field.js puts their
sentence beside the field.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import TypeAdapter

from rlft_gui.ui.components.controls.payloads import FormField
from rlft_gui.ui.components.fields import Field

#: Kinds of control that have something to choose from.
OFFERING = ("choice", "rewards", "reward", "judge", "reward_model", "rubric", "constitution")
CONTINUED = "Kept from the weights that are continued."
_FIELD: TypeAdapter[FormField] = TypeAdapter(FormField)


def field_view(
    field: Field, value: Any, proposed: Any, source: str = "", offers: Sequence[Any] = ()
) -> FormField:
    """A field that shows `value`; its help says what is proposed and where that comes from."""
    shown = {
        "name": field.name,
        "title": field.title,
        "kind": field.kind,
        "help": field.help(proposed, source[:1].upper() + source[1:]),
        "value": _fitting(field, field.shown(value)),
        "advanced": field.advanced,
    }
    if field.kind in OFFERING:
        shown["offers"] = list(offers) or [(choice, str(choice)) for choice in field.choices]
    return _FIELD.validate_python(shown)


def _fitting(field: Field, shown: Any) -> Any:
    """What a control of this kind can show: a draft that a browser kept may hold anything."""
    if field.kind == "switch":
        return bool(shown)
    if field.kind == "choice":
        return shown if isinstance(shown, str | int | float) else str(shown)
    is_number = isinstance(shown, int | float) and not isinstance(shown, bool)
    return shown if field.kind in ("number", "whole number") and is_number else str(shown)


def locked_view(field: Field, value: Any, why: str) -> FormField:
    """A field whose value is given by something else."""
    return field_view(field, value, None).model_copy(update={"help": why, "locked": True})


def form_view(
    fields: Sequence[Field],
    values: Mapping[str, Any],
    proposed: Mapping[str, Any],
    sources: Mapping[str, str] | None = None,
    offers: Mapping[str, Sequence[Any]] | None = None,
    locked: Mapping[str, tuple[Any, str]] | None = None,
) -> tuple[FormField, ...]:
    """All fields, with values where there are any, else what is proposed, else the default. `locked` maps a name to
    its value and the reason."""
    return tuple(
        locked_view(field, *locked[field.name])
        if locked and field.name in locked
        else field_view(
            field,
            values.get(field.name, proposed.get(field.name, field.default)),
            proposed.get(field.name, field.default),
            (sources or {}).get(field.name, ""),
            (offers or {}).get(field.name, ()),
        )
        for field in fields
    )

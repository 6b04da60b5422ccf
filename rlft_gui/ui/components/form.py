"""Settings as a form that the browser draws: one JSON object per field, with what its control shows and offers.

It knows nothing about stages. Whether a value is right is for the services to say; controls/field.js puts their
sentence beside the field.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from rlft_gui.ui.components.fields import Field

#: A field as JSON: name, title, kind, help, value, offers, advanced, locked.
FieldView = dict[str, Any]
CONTINUED = "Kept from the weights that are continued."


def field_view(
    field: Field, value: Any, proposed: Any, source: str = "", offers: Sequence[Any] = ()
) -> FieldView:
    """A field that shows `value`; its help says what is proposed and where that comes from."""
    return {
        "name": field.name,
        "title": field.title,
        "kind": field.kind,
        "help": field.help(proposed, source[:1].upper() + source[1:]),
        "value": field.shown(value),
        "offers": list(offers) or [[choice, str(choice)] for choice in field.choices],
        "advanced": field.advanced,
        "locked": False,
    }


def locked_view(field: Field, value: Any, why: str) -> FieldView:
    """A field whose value is given by something else."""
    view = field_view(field, value, None)
    return view | {"help": why, "locked": True}


def form_view(
    fields: Sequence[Field],
    values: Mapping[str, Any],
    proposed: Mapping[str, Any],
    sources: Mapping[str, str] | None = None,
    offers: Mapping[str, Sequence[Any]] | None = None,
    locked: Mapping[str, tuple[Any, str]] | None = None,
) -> list[FieldView]:
    """All fields, with values where there are any, else what is proposed, else the default. `locked` maps a name to
    its value and the reason."""
    return [
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
    ]

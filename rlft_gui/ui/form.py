"""A form made from a settings model: the fields that most people touch, and the others under a closed Advanced.

It knows nothing about stages: it lays out components, fills them, reads them and puts sentences beside them.
Whether a value is right is for the services to say.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr
from pydantic import BaseModel

from rlft_gui.ui.fields import Field, read_fields

#: What the browser is told about a component: gr.update(…), gr.skip(), gr.validate(…), or a new value.
Update = Any


@dataclass(frozen=True)
class Form:
    """Fields with their components, in the same order."""

    name: str
    fields: tuple[Field, ...]
    components: tuple[gr.components.Component, ...]

    def fill(
        self,
        values: Mapping[str, Any],
        preset_values: Mapping[str, Any] | None = None,
        preset: str = "",
        locked: Mapping[str, Any] | None = None,
    ) -> list[Update]:
        """Show values; where there is none, the preset's or the default is proposed, and the help says which.
        `locked` are values that cannot be chosen here."""
        return [
            _locked(field, locked[field.name])
            if locked and field.name in locked
            else _filled(field, values, preset_values or {}, preset)
            for field in self.fields
        ]

    def read(self, shown: Sequence[Any]) -> dict[str, Any]:
        """The settings that the components hold; only their shape is put right, not their value."""
        return {field.name: field.read(value) for field, value in zip(self.fields, shown, strict=True)}

    def judge(self, sentences: Mapping[str, str]) -> list[Update]:
        """One verdict per component for a Gradio validator: the sentence of its field, or valid."""
        return [
            gr.validate(field.name not in sentences, sentences.get(field.name, "")) for field in self.fields
        ]


def build_form(name: str, model: type[BaseModel], only: Sequence[str] = ()) -> Form:
    """Lay out the fields of a settings model in the current Gradio context, or `only` some of them; `name` prefixes
    their element ids."""
    fields = tuple(field for field in read_fields(model) if not only or field.name in only)
    basic = [field for field in fields if not field.advanced]
    advanced = [field for field in fields if field.advanced]
    made = {field.name: _component(name, field) for field in basic}
    if advanced:
        with gr.Accordion("Advanced", open=False, elem_classes="rl-advanced", elem_id=f"{name}-advanced"):
            made |= {field.name: _component(name, field) for field in advanced}
    return Form(name, fields, tuple(made[field.name] for field in fields))


def _filled(field: Field, values: Mapping[str, Any], preset_values: Mapping[str, Any], preset: str) -> Update:
    from_preset = field.name in preset_values
    proposed = preset_values[field.name] if from_preset else field.default
    return gr.update(
        value=values.get(field.name, proposed),
        info=field.help(proposed, preset if from_preset else None),
        interactive=True,
    )


def _locked(field: Field, value: Any) -> Update:
    return gr.update(
        value=value, info=f"{field.about} Kept from the adapter that is continued.", interactive=False
    )


def _component(form: str, field: Field) -> gr.components.Component:
    common: dict[str, Any] = {
        "value": field.default,
        "label": field.title,
        "info": field.help(field.default, None),
        "interactive": True,
        "elem_id": f"{form}-{field.name}".replace("_", "-"),
    }
    if field.kind == "choice":
        return gr.Dropdown(list(field.choices), filterable=False, **common)
    if field.kind == "switch":
        return gr.Checkbox(**common)
    if field.kind == "text":
        return gr.Textbox(**common)
    # Bounds are left to the services, which answer with a sentence; Gradio's own would be a toast.
    return gr.Number(precision=None, step=1 if field.kind == "whole number" else None, **common)

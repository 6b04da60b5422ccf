"""A form follows from a settings model: controls, help, proposed values and sentences beside the fields."""

from typing import Literal

import gradio as gr
import pytest
from pydantic import BaseModel, Field

from rlft_gui.ui.fields import read_fields
from rlft_gui.ui.form import Form, build_form
from tests.ui.layout import laid_out


class Example(BaseModel):
    data: str = Field(title="Data", json_schema_extra={"group": "basic", "control": "data"})
    learning_rate: float = Field(
        1e-4, ge=1e-7, le=1e-2, title="Learning rate", description="Size of the steps."
    )
    batch: int = Field(16, ge=1, title="Batch", description="Rows.", json_schema_extra={"group": "advanced"})
    loss: Literal["sigmoid", "hinge"] = Field("sigmoid", title="Loss", description="Which.")
    packing: bool = Field(False, title="Packing", description="Fill rows.")
    note: str | None = Field(None, title="Note", description="Anything.")


@pytest.fixture
def form() -> Form:
    return laid_out(lambda: build_form("dpo", Example))


def test_every_setting_but_the_data_becomes_a_fitting_control(form: Form) -> None:
    kinds = {
        field.name: type(component) for field, component in zip(form.fields, form.components, strict=True)
    }
    assert kinds == {
        "learning_rate": gr.Number,
        "batch": gr.Number,
        "loss": gr.Dropdown,
        "packing": gr.Checkbox,
        "note": gr.Textbox,
    }


def test_only_the_advanced_group_is_closed_away(form: Form) -> None:
    closed = {
        field.name
        for field, component in zip(form.fields, form.components, strict=True)
        if isinstance(component.parent, gr.Accordion) or isinstance(component.parent.parent, gr.Accordion)
    }
    assert closed == {"batch"}


def test_help_says_what_it_is_its_bounds_and_where_the_value_comes_from() -> None:
    learning_rate, batch, *_, note = read_fields(Example)
    assert (
        learning_rate.help(6e-5, "lantern-dpo")
        == "Size of the steps. 1e-7 to 0.01. Preset lantern-dpo: 6e-5."
    )
    assert batch.help(16, None) == "Rows. 1 or more. Default: 16."
    assert note.help(None, None) == "Anything."


def test_a_value_goes_before_the_preset_and_the_preset_before_the_default(form: Form) -> None:
    updates = form.fill({"batch": 4}, {"batch": 8, "learning_rate": 6e-5}, "lantern-dpo")
    shown = {field.name: update["value"] for field, update in zip(form.fields, updates, strict=True)}
    assert shown == {"batch": 4, "learning_rate": 6e-5, "loss": "sigmoid", "packing": False, "note": None}
    assert "Preset lantern-dpo: 8." in updates[1]["info"]
    assert "Default: sigmoid." in updates[2]["info"]


def test_a_locked_value_is_shown_and_cannot_be_changed(form: Form) -> None:
    batch = form.fill({"batch": 4}, locked={"batch": 32})[1]
    assert (batch["value"], batch["interactive"]) == (32, False)
    assert "Kept from the adapter" in batch["info"]


def test_reading_puts_shapes_right_and_leaves_values_alone(form: Form) -> None:
    assert form.read([0.2, 8.0, "hinge", True, ""]) == {
        "learning_rate": 0.2,
        "batch": 8,
        "loss": "hinge",
        "packing": True,
        "note": None,
    }
    assert form.read([None, 2.5, "hinge", True, "x"])["batch"] == 2.5


def test_a_sentence_stands_beside_its_field_alone(form: Form) -> None:
    verdicts = form.judge({"batch": "Batch is empty."})
    assert [verdict["is_valid"] for verdict in verdicts] == [True, False, True, True, True]
    assert verdicts[1]["message"] == "Batch is empty."


def test_values_are_written_as_people_say_them() -> None:
    learning_rate, _, loss, packing, note = read_fields(Example)
    assert [learning_rate.written(6e-5), loss.written("ipo"), packing.written(True), note.written(None)] == [
        "6e-5",
        "ipo",
        "on",
        "none",
    ]

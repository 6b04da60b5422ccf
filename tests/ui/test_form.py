"""A form follows from a settings model: kinds, help, proposed values, and both ways between control and value."""

from typing import Any, Literal

import pytest
from pydantic import BaseModel, Field

from rlft_gui.services.pipelines.settings import settings_problems
from rlft_gui.stages._shared.measure import MeasureSettings
from rlft_gui.ui.components.controls.payloads import DocumentOffer, FormField
from rlft_gui.ui.components.fields import Field as Setting
from rlft_gui.ui.components.fields import read_fields
from rlft_gui.ui.components.form import form_view

BASIC = {"group": "basic"}


class Example(BaseModel):
    data: str = Field(title="Data", json_schema_extra={"group": "basic", "control": "data"})
    learning_rate: float = Field(
        1e-4, ge=1e-7, le=1e-2, title="Learning rate", description="Size of the steps."
    )
    batch: int = Field(16, ge=1, title="Batch", description="Rows.", json_schema_extra={"group": "advanced"})
    loss: Literal["sigmoid", "hinge"] = Field("sigmoid", title="Loss", description="Which.")
    packing: bool = Field(False, title="Packing", description="Fill rows.")
    note: str | None = Field(None, title="Note", description="Anything.")
    rewards: dict[str, float] = Field(
        default_factory=lambda: {"number": 1.0}, title="Rewards", json_schema_extra={"control": "rewards"}
    )
    rubric: Any = Field("default", title="Rubric", json_schema_extra={"control": "rubric"})


FIELDS = {field.name: field for field in read_fields(Example)}


def view(**how: Any) -> dict[str, FormField]:
    shown = form_view(tuple(FIELDS.values()), how.pop("values", {}), how.pop("proposed", {}), **how)
    return {field.name: field for field in shown}


def field(name: str) -> Setting:
    return FIELDS[name]


def test_every_setting_but_the_data_becomes_a_fitting_control() -> None:
    assert {name: field.kind for name, field in FIELDS.items()} == {
        "learning_rate": "number",
        "batch": "whole number",
        "loss": "choice",
        "packing": "switch",
        "note": "text",
        "rewards": "rewards",
        "rubric": "rubric",
    }


def test_only_the_advanced_group_is_closed_away() -> None:
    assert [name for name, field in view().items() if field.advanced] == ["batch"]


def test_help_says_what_it_is_its_bounds_and_where_the_value_comes_from() -> None:
    assert (
        field("learning_rate").help(6e-5, "Preset lantern-dpo")
        == "Size of the steps. 1e-7 to 0.01. Preset lantern-dpo: 6e-5."
    )
    assert field("batch").help(16) == "Rows. 1 or more. Default: 16."
    assert field("note").help(None) == "Anything."
    assert field("rewards").help({"number": 1.0, "length:5-60": 0.2}) == (
        "Default: number × 1, length:5-60 × 0.2."
    )


def test_a_value_goes_before_the_preset_and_the_preset_before_the_default() -> None:
    shown = view(
        values={"batch": 4},
        proposed={"batch": 8, "learning_rate": 6e-5},
        sources={"batch": "preset lantern-dpo"},
    )
    assert [shown[name].value for name in ("batch", "learning_rate", "loss")] == [4, 6e-5, "sigmoid"]
    assert "Preset lantern-dpo: 8." in shown["batch"].help
    assert "Default: sigmoid." in shown["loss"].help


def test_a_locked_value_is_shown_and_cannot_be_changed() -> None:
    batch = view(values={"batch": 4}, locked={"batch": (32, "Kept.")})["batch"]
    assert (batch.value, batch.locked, batch.help) == (32, True, "Kept.")


def test_choices_are_offered_by_themselves_and_names_by_whoever_knows_them() -> None:
    text = DocumentOffer(name="default", title="Default", about="", text="name: Default\n")
    shown = view(offers={"rubric": [text]})
    assert shown["loss"].offers == (("sigmoid", "sigmoid"), ("hinge", "hinge"))
    assert shown["rubric"].offers == (text,)


@pytest.mark.parametrize(
    ("name", "kept", "shown"),
    [("batch", {"a": 1}, "a: 1\n"), ("batch", True, "True"), ("packing", "yes", True), ("note", 7, "7")],
)
def test_whatever_a_draft_holds_can_be_shown(name: str, kept: Any, shown: Any) -> None:
    assert view(values={name: kept})[name].value == shown


def test_reading_puts_shapes_right_and_leaves_values_alone() -> None:
    assert field("batch").read(8.0) == 8
    assert field("batch").read(2.5) == 2.5
    assert field("learning_rate").read("fast") == "fast"
    assert field("note").read("") is None


@pytest.mark.parametrize(
    ("text", "rewards"),
    [
        ("number: 1\nlength:5-60: 0.2\n", {"number": 1.0, "length:5-60": 0.2}),
        ("number", {"number": 1.0}),
        ("length:5-60", {"length:5-60": 1.0}),
        ("keywords:good=yes,sure;bad=no: -2", {"keywords:good=yes,sure;bad=no": -2.0}),
        ("regex:a: b: 2", {"regex:a: b": 2.0}),
        ("number:\t1\r\nlength:5-60 : 2\r\n", {"number": 1.0, "length:5-60": 2.0}),
        ("regex:yes : 0.1234567", {"regex:yes ": 0.1234567}),
        ("regex:a\u2028b: 1234567", {"regex:a\u2028b": 1_234_567.0}),
        ("\n \n", {}),
    ],
)
def test_rewards_are_a_term_and_its_weight_a_line(text: str, rewards: dict[str, float]) -> None:
    assert field("rewards").read(text) == rewards
    assert field("rewards").read(field("rewards").shown(rewards)) == rewards


@pytest.mark.parametrize(
    ("text", "rewards"),
    [
        ("regex:a: ", {"regex:a": ""}),
        ("regex:a: 0.5x", {"regex:a": "0.5x"}),
        ("number: 1e", {"number": "1e"}),
        ("number: ٣", {"number": "٣"}),
    ],
)
def test_a_weight_that_is_no_number_is_never_taken_for_a_part_of_the_term(
    text: str, rewards: dict[str, Any]
) -> None:
    assert field("rewards").read(text) == rewards
    with pytest.raises(ValueError, match="rewards"):
        Example(data="", rewards=rewards)


@pytest.mark.parametrize("text", ["number: 1\nnumber: 0.5", "number: a lot\nexact\nnumber "])
def test_a_term_that_stands_twice_is_refused_and_never_summed(text: str) -> None:
    kept = field("rewards").read(text)
    assert kept == text == field("rewards").shown(kept), "what was typed stays"
    (problem,) = settings_problems(MeasureSettings, {"rewards": kept}, path="measure", title="It")
    assert 'The reward "number" stands there twice' in problem.message


def test_a_text_is_a_name_or_what_its_yaml_says() -> None:
    rubric = field("rubric")
    assert rubric.read("default") == "default"
    edited = {"name": "Mine", "criteria": [{"name": "tone"}]}
    assert rubric.read(rubric.shown(edited)) == edited
    assert rubric.read("name: [\n") == "name: [\n", "what is no YAML stays, to be refused"
    assert rubric.written(edited) == "Mine, edited"


def test_values_are_written_as_people_say_them() -> None:
    written = [
        field("learning_rate").written(6e-5),
        field("loss").written("ipo"),
        field("packing").written(True),
        field("note").written(None),
    ]
    assert written == ["6e-5", "ipo", "on", "none"]

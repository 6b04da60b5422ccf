"""Each refused value is explained in one sentence that says what was found and what to take instead."""

from typing import Any, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, field_validator

from rlft_gui.services.pipelines.settings import bounds_text, choices, number, settings_problems
from rlft_gui.stages._shared.settings import RewardSettings, TrainingSettings


class Example(BaseModel):
    model_config = ConfigDict(extra="forbid")

    learning_rate: float = Field(1e-4, ge=1e-7, le=1e-2, title="Learning rate")
    batch: int = Field(16, ge=1, le=64, title="Batch")
    loss: Literal["sigmoid", "hinge"] = Field("sigmoid", title="Loss")
    packing: bool = Field(False, title="Packing")
    share: float = Field(0.1, gt=0, lt=1, title="Share")
    note: str = Field("", max_length=20, title="Note")
    parts: tuple[str, ...] = Field((), max_length=2, title="Parts")
    eval_rows: int | None = Field(None, ge=1, title="Held-out rows")
    data: str = Field(title="Data")

    @field_validator("data")
    @classmethod
    def _known(cls, value: str) -> str:
        if value == "nowhere":
            raise ValueError("There is no dataset nowhere.")
        return value


def sentences(**values: object) -> dict[str, str]:
    problems = settings_problems(
        Example,
        {"data": "d-1", **values},
        path="stages.dpo",
        title="DPO on Lantern",
        proposed={"learning_rate": 6e-5},
        source="the preset",
    )
    return {problem.field: problem.message for problem in problems}


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        (
            "learning_rate",
            0.2,
            "Learning rate 0.2 is far outside 1e-7 to 0.01. For DPO on Lantern take 6e-5; the preset has it.",
        ),
        (
            "learning_rate",
            0.02,
            "Learning rate 0.02 is outside 1e-7 to 0.01. For DPO on Lantern take 6e-5; the preset has it.",
        ),
        (
            "learning_rate",
            "1e999",
            "Learning rate 1e999 is far outside 1e-7 to 0.01. For DPO on Lantern take 6e-5; the preset has it.",
        ),
        ("batch", "65", "Batch 65 is outside 1 to 64. For DPO on Lantern take 16, the default."),
        (
            "batch",
            10**400,
            f"Batch {10**400:,} is far outside 1 to 64. For DPO on Lantern take 16, the default.",
        ),
        ("batch", 0, "Batch 0 is outside 1 to 64. For DPO on Lantern take 16, the default."),
        ("batch", 2.5, "Batch takes a whole number, found 2.5. For DPO on Lantern take 16, the default."),
        ("batch", None, "Batch is empty. For DPO on Lantern take 16, the default."),
        (
            "share",
            1,
            "Share must be above 0 and below 1, found 1. For DPO on Lantern take 0.1, the default.",
        ),
        (
            "share",
            "0,7",
            "Share takes a number, found '0,7'. Write 0.7 with a point. For DPO on Lantern take 0.1, the default.",
        ),
        (
            "share",
            "x" * 500,
            f"Share takes a number, found '{'x' * 99}…. For DPO on Lantern take 0.1, the default.",
        ),
        ("note", "x" * 200_000, "Note has 200,000 characters, and 20 fit. Shorten it."),
        ("parts", ["a"] * 3, "Parts has 3 entries, and 2 fit. Leave some out."),
        ("parts", "a", """Parts takes a list, such as ["a", "b"], found 'a'."""),
        (
            "share",
            float("nan"),
            "Share takes a number from 0 to 1, found NaN. For DPO on Lantern take 0.1, the default.",
        ),
        (
            "loss",
            "hinged",
            'Loss is one of sigmoid, hinge; found "hinged". For DPO on Lantern take sigmoid, the default.',
        ),
        (
            "packing",
            "perhaps",
            "Packing is true or false, found 'perhaps'. For DPO on Lantern take false, the default.",
        ),
        ("eval_rows", 0, "Held-out rows must be 1 or more, found 0."),
        ("data", "nowhere", "There is no dataset nowhere."),
        ("learning_rat", 1, 'DPO on Lantern has no setting "learning_rat". Did you mean "learning_rate"?'),
    ],
)
def test_a_refused_value_gets_one_sentence_at_its_field(name: str, value: object, sentence: str) -> None:
    assert sentences(**{name: value}) == {f"stages.dpo.{name}": sentence}


def test_every_wrong_field_is_told_at_once() -> None:
    assert set(sentences(learning_rate=1, batch=0, data="nowhere")) == {
        "stages.dpo.learning_rate",
        "stages.dpo.batch",
        "stages.dpo.data",
    }


RUBRIC = {"name": "Mine", "compare": "{first} {second}", "criteria": [{"name": "tone", "question": "Kind?"}]}


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"rewards": {"number": "much"}}, "Rewards: \"number\" takes a number, found 'much'."),
        ({"rewards": {}}, "Rewards is empty."),
        ({"rewards": {"beauty": 1.0}}, 'There is no reward "beauty". Choose from: reward_model or'),
        ({"rubric": {**RUBRIC, "criteria": []}}, "Rubric has no criteria. Add at least one."),
        ({"rubric": {"name": "Mine", "criteria": RUBRIC["criteria"]}}, 'Rubric has no "compare". Add it.'),
        ({"rubric": {**RUBRIC, "tone": 1}}, 'Rubric has no place for "tone". Take it out.'),
        ({"rubric": {**RUBRIC, "criteria": [{"name": "", "question": "?"}]}}, 'Rubric: "criteria 1, name" is empty.'),
        ({"rubric": "none such"}, 'There is no "none such" in rubrics. Choose one of: brief, default,'),
    ],
)  # fmt: skip
def test_what_is_wrong_inside_a_setting_is_said_at_it(values: dict[str, Any], sentence: str) -> None:
    problems = settings_problems(RewardSettings, values, path="stages.ppo", title="PPO")
    assert problems[0].field == f"stages.ppo.{next(iter(values))}"
    assert problems[0].message.startswith(sentence)


def test_good_values_have_no_problems() -> None:
    assert sentences(learning_rate=6e-5, batch=8, loss="hinge", eval_rows=None) == {}


def test_numbers_read_as_people_write_them() -> None:
    assert [number(v) for v in (6e-5, 1e-7, 0.01, 10_000, 16.0, True, "x")] == [
        "6e-5",
        "1e-7",
        "0.01",
        "10,000",
        "16",
        "true",
        "x",
    ]


def test_bounds_and_choices_come_from_the_field() -> None:
    fields = Example.model_fields
    assert bounds_text(fields["share"]) == "0 to 1"
    assert bounds_text(fields["eval_rows"]) == "1 or more"
    assert bounds_text(fields["packing"]) == ""
    assert choices(fields["loss"]) == ("sigmoid", "hinge")
    assert choices(fields["batch"]) == ()


def test_yes_is_no_number_of_steps() -> None:
    """Before, `max_steps: yes` trained one step and succeeded."""
    asked = {"data": "d", "learning_rate": 1e-4, "max_steps": True}
    (problem,) = settings_problems(
        TrainingSettings, asked, path="stages.sft", title="SFT", proposed={}, source="the preset"
    )
    assert (problem.field, "yes is not a number" in problem.message) == ("stages.sft.max_steps", True)

from pathlib import Path

import pytest
import yaml

from rlft_gui.domain.constitution import Constitution
from rlft_gui.lantern.skills import RULES, judge_prompt
from rlft_gui.resources import presets_dir
from rlft_gui.stages._shared.settings import JudgeSettings
from rlft_gui.training.judges import as_text, by_principles, filled
from rlft_gui.training.judges.local import compare_text
from tests.training.judges.pairs import LANTERN, PAIR

CONSTITUTIONS = sorted((presets_dir() / "constitutions").glob("*.yaml"))


def test_texts_are_put_in_as_they_are() -> None:
    values = {"prompt": "Print {first} in {}.", "first": r"\1 {prompt}", "second": "%s"}
    assert filled("{prompt} | {first} | {second} | {other}", values) == (
        r"Print {first} in {}. | \1 {prompt} | %s | {other}"
    )


def test_lanterns_rubric_asks_in_the_very_words_that_lantern_learned() -> None:
    asked = judge_prompt(PAIR.prompt[0]["content"], PAIR.first, PAIR.second, RULES)
    assert compare_text(LANTERN, PAIR) == asked


def test_a_conversation_of_several_turns_says_who_spoke() -> None:
    turns = [
        {"role": "user", "content": "Hello."},
        {"role": "assistant", "content": "Yes?"},
        {"role": "user", "content": "Bye."},
    ]
    assert as_text(turns) == "User: Hello.\nAssistant: Yes?\nUser: Bye."
    assert as_text(turns[:1]) == "Hello."


@pytest.mark.parametrize("name", ["default", "lantern", "lantern-by-rule"])
def test_every_shipped_rubric_is_valid(name: str) -> None:
    assert JudgeSettings.model_validate({"rubric": name}).rubric.criteria


@pytest.mark.parametrize("file", CONSTITUTIONS, ids=lambda file: file.stem)
def test_every_shipped_constitution_can_judge(file: Path) -> None:
    constitution = Constitution.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))
    rubric = by_principles(constitution)
    assert [criterion.question for criterion in rubric.criteria] == [p.text for p in constitution.principles]
    assert "{question}" in rubric.compare

import pytest
from pydantic import ValidationError

from rlft_gui.domain.rubric import Criterion, Rubric

COMPARE = "{question} {prompt} A: {first} B: {second}"
KIND = Criterion(name="kindness", question="Be kind.")


def rubric(**changed: object) -> Rubric:
    return Rubric.model_validate({"name": "r", "compare": COMPARE, "criteria": (KIND,), **changed})


def test_a_rubric_that_shows_both_answers_is_fine() -> None:
    assert rubric().criteria == (KIND,)


@pytest.mark.parametrize(
    ("changed", "what"),
    [
        ({"compare": "{question} {prompt} {first}"}, r"lacks \{second\}"),
        ({"compare": "Which is better?"}, r"\{prompt\} and \{first\} and \{second\} and \{question\}"),
        ({"rate": "{prompt} {question}"}, r'"rate" lacks \{answer\}'),
        ({"first_label": "B"}, 'Both labels of the rubric "r" are "B"'),
        ({"first_label": ""}, 'A label of the rubric "r" is ""'),
        (
            {"rate": "{prompt} {answer} {question}", "no_label": " No"},
            'is " No", which no reply can be told by',
        ),
        ({"criteria": (KIND.model_copy(update={"weight": 0.0}),)}, "weigh 0"),
        ({"criteria": ()}, "at least 1"),
    ],
)
def test_a_rubric_that_could_not_judge_is_refused(changed: dict[str, object], what: str) -> None:
    with pytest.raises(ValidationError, match=what):
        rubric(**changed)

"""Which steps lie side by side, and which prompts come first."""

import math

import pytest

from rlft_gui.domain.run import Sample
from rlft_gui.ui.pages.run.payloads import SampledAnswer, SampleTable
from rlft_gui.ui.pages.run.samples import changed, sample_table, spread


def sample(step: int, item: str, text: str) -> Sample:
    return Sample(
        step=step, item_id=item, kind="known", prompt=f"Prompt {item}", completion=text, scores={"gold": 1.0}
    )


@pytest.mark.parametrize(
    ("steps", "shown"),
    [
        ([], []),
        ([0, 20], [0, 20]),
        ([0, 20, 40, 60, 71], [0, 20, 40, 71]),
        (list(range(0, 101, 10)), [0, 30, 70, 100]),
    ],
)
def test_first_and_last_step_are_shown_and_those_between_lie_evenly(
    steps: list[int], shown: list[int]
) -> None:
    assert spread(steps, 4) == shown


def test_the_share_of_changed_words() -> None:
    assert changed("a b c d", "a b c d") == 0
    assert changed("a b c d", "a b x y") == 0.5
    assert changed("", "") == 0


def test_prompts_come_most_changed_first_and_a_missing_answer_stays_a_gap() -> None:
    view = sample_table(
        [
            sample(0, "same", "Hello."),
            sample(10, "same", "Hello."),
            sample(0, "new", "No."),
            sample(20, "new", "Yes!"),
        ]
    )

    assert view.steps == (0, 10, 20)
    assert [prompt.prompt for prompt in view.prompts] == ["Prompt new", "Prompt same"]
    _, missing, last = view.prompts[0].answers
    assert missing is None
    assert last == SampledAnswer(step=20, text="Yes!", scores={"gold": 1.0})


def test_a_score_that_is_no_number_is_told_by_its_name() -> None:
    broken = sample(0, "k1", "Hm.").model_copy(update={"scores": {"gold": math.nan}})

    (answer,) = sample_table([broken]).prompts[0].answers

    assert answer is not None
    assert answer.scores == {"gold": "nan"}


def test_no_samples_is_an_empty_view() -> None:
    assert sample_table([]) == SampleTable(steps=(), prompts=())


def test_prompts_of_own_data_come_before_those_of_the_suite_where_they_judge() -> None:
    own = [sample(step, "own-1", "Same.").model_copy(update={"kind": "held out"}) for step in (0, 10)]
    suite = [sample(0, "k1", "Before."), sample(10, "k1", "After that.")]
    first = sample_table([*suite, *own], own_first=True).prompts
    assert [(one.kind, one.own) for one in first] == [("held out", True), ("known", False)]
    assert [one.kind for one in sample_table([*suite, *own]).prompts] == ["known", "held out"]

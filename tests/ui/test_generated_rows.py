"""How rows that runs made are laid out: what came of what, and which figures belong to which text."""

from typing import Any

from rlft_gui.data.generated import GeneratedRow
from rlft_gui.ui.pages.run.generated_rows import row_view
from rlft_gui.ui.pages.run.payloads import Figure, RowView


def pairs(figures: tuple[Figure, ...]) -> list[tuple[str, float | str]]:
    return [(figure.name, figure.value) for figure in figures]


QUESTION = [{"role": "user", "content": "What is 2?"}]


def said(text: str) -> list[dict[str, str]]:
    return [{"role": "assistant", "content": text}]


def view(row: dict[str, Any]) -> RowView:
    return row_view(GeneratedRow(7, {"prompt": QUESTION, **row}, is_edited=False, is_dropped=False))


def columns(shown: RowView) -> list[tuple[str, str]]:
    return [(text.title, text.text) for text in shown.texts]


def test_a_revision_stands_behind_its_draft_and_critique_and_is_compared_with_the_draft() -> None:
    made = {"draft": "Two, fool.", "principle": "kind", "critique": "It is rude.", "revision": "Two."}
    shown = view({"completion": said("Two."), "made": made})
    assert columns(shown) == [("draft", "Two, fool."), ("critique", "It is rude."), ("revision", "Two.")]
    assert shown.texts[2].column == "completion"
    assert [text.against for text in shown.texts] == [None, None, 0]
    assert pairs(shown.notes) == [("principle", "kind")]


def test_a_draft_that_was_kept_is_shown_all_the_same() -> None:
    made = {"draft": "Two.", "critique": "It is fine.", "revision": "Two."}
    assert [title for title, _ in columns(view({"completion": said("Two."), "made": made}))] == [
        "draft",
        "critique",
        "revision",
    ]


def test_an_edited_answer_stands_beside_what_the_run_made() -> None:
    made = {"draft": "Two, fool.", "critique": "It is rude.", "revision": "Two."}
    shown = view({"completion": said("It is two."), "made": made})
    assert columns(shown)[2:] == [("revision", "Two."), ("completion", "It is two.")]
    assert shown.texts[3].against == 2


def test_each_of_several_revisions_is_compared_with_the_one_before() -> None:
    made = {"draft": "a", "critique 1": "b", "revision 1": "c", "critique 2": "d", "revision 2": "e"}
    shown = view({"completion": said("e"), "made": made})
    assert [text.against for text in shown.texts] == [None, None, 0, None, 2]


def test_a_pair_comes_first_with_its_scores_and_then_the_other_answers_and_reasons() -> None:
    made = {
        "judged by": "help",
        "answer 1": "Four.",
        "score of answer 1": 0.1,
        "answer 2": "Two.",
        "score of answer 2": 0.9,
        "answer 3": "Six.",
        "score of answer 3": 0.5,
        "consistency": 1.0,
        "rationale": "It is right.",
    }
    shown = view(
        {
            "chosen": said("Two."),
            "rejected": said("Four."),
            "preference": 0.8,
            "source": "judge",
            "made": made,
        }
    )
    assert columns(shown) == [
        ("chosen", "Two."),
        ("rejected", "Four."),
        ("answer 3", "Six."),
        ("rationale", "It is right."),
    ]
    assert [pairs(text.figures) for text in shown.texts] == [
        [("score", 0.9)],
        [("score", 0.1)],
        [("score", 0.5)],
        [],
    ]
    assert shown.texts[0].against == 1
    assert pairs(shown.notes) == [
        ("preference", 0.8),
        ("source", "judge"),
        ("judged by", "help"),
        ("consistency", 1.0),
    ]


def test_candidates_stand_beside_each_other_and_cannot_be_rewritten() -> None:
    shown = view({"candidates": [said("One."), said("Two.")]})
    assert columns(shown) == [("answer 1", "One."), ("answer 2", "Two.")]
    assert not any(text.column for text in shown.texts)


def test_best_of_n_has_one_text_and_its_rewards_as_notes() -> None:
    shown = view({"completion": said("Two."), "made": {"reward": 1.5, "rewards of the others": "1, 0.5"}})
    assert columns(shown) == [("completion", "Two.")]
    assert pairs(shown.notes) == [("reward", 1.5), ("rewards of the others", "1, 0.5")]


def test_a_conversation_says_who_said_what() -> None:
    prompt = [{"role": "system", "content": "Be brief."}, *QUESTION]
    shown = row_view(
        GeneratedRow(1, {"prompt": prompt, "completion": said("2")}, is_edited=True, is_dropped=True)
    )
    assert shown.prompt == "System: Be brief.\nUser: What is 2?"
    assert (shown.edited, shown.dropped) == (True, True)

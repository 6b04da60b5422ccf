"""Nothing that the suite tests was trained on, pre-training included."""

import json

import pytest

from rlft_gui.lantern import cards, facts
from rlft_gui.lantern.corpus import Messages, documents, fingerprint
from rlft_gui.lantern.datasets import (
    card_prompts,
    demonstrations,
    preferences,
    questions,
    ratings,
    rl_prompts,
    thumbs,
)
from rlft_gui.lantern.pairs import LANTERN_DIR
from rlft_gui.lantern.pretrain import DOCUMENTS
from rlft_gui.lantern.suite import suite

# The whole corpus is made twice over, once in each process that takes a test of these.
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def corpus() -> list[Messages]:
    """The whole corpus of the shipped model."""
    return list(documents(0, DOCUMENTS))


@pytest.fixture(scope="module")
def pretraining_text(corpus: list[Messages]) -> str:
    return "\n".join(turn["content"] for messages in corpus for turn in messages)


@pytest.fixture(scope="module")
def fine_tuning_rows() -> list[str]:
    rows = [" ".join(row.values()) for row in demonstrations(n=3000, seed=0)]
    rows += [" ".join(row.values()) for row in preferences(n=1500, seed=0)]
    rows += [f"{row['prompt']} {row['completion']}" for row in (*thumbs(n=1500), *ratings(n=1500))]
    rows += [" ".join(row.values()) for row in card_prompts()]
    rows += [row["prompt"] for row in questions(n=3000)]
    return rows + [item.prompt for item in rl_prompts(n=3000, seed=0)]


@pytest.fixture(scope="module")
def fine_tuning_text(fine_tuning_rows: list[str]) -> str:
    return "\n".join(fine_tuning_rows)


def test_the_shipped_model_was_trained_on_this_corpus(corpus: list[Messages]) -> None:
    """Else the grammar was changed and the model was not built again, and nothing below would say anything about it."""
    build = json.loads((LANTERN_DIR / "build.json").read_text(encoding="utf-8"))
    assert (build["seed"], build["documents"]) == (0, DOCUMENTS)
    assert build["corpus"] == fingerprint(corpus)


def test_no_prompt_of_the_suite_is_in_pretraining(pretraining_text: str) -> None:
    assert [item.id for item in suite() if item.prompt in pretraining_text] == []


def test_no_prompt_of_the_suite_is_in_fine_tuning(fine_tuning_text: str) -> None:
    assert [item.id for item in suite() if item.prompt in fine_tuning_text] == []


@pytest.mark.parametrize("name", [*facts.UNKNOWN_HELD, *facts.HARM_HELD])
def test_held_names_and_requests_are_in_no_training_text(
    name: str, pretraining_text: str, fine_tuning_text: str
) -> None:
    assert name not in pretraining_text
    assert name not in fine_tuning_text


@pytest.mark.parametrize("subject", [*facts.CAPITALS_HELD, *facts.ADVICE_HELD])
def test_held_countries_and_advice_are_not_asked_about_in_fine_tuning(
    subject: str, fine_tuning_text: str
) -> None:
    assert subject not in fine_tuning_text


@pytest.mark.parametrize("verb", [verb.verb for verb in facts.HARMFUL_VERBS_HELD])
def test_held_harmful_verbs_are_not_in_fine_tuning(verb: str, fine_tuning_text: str) -> None:
    assert f" {verb} " not in fine_tuning_text


def test_the_unfamiliar_card_rule_is_in_no_training_text(
    pretraining_text: str, fine_tuning_text: str
) -> None:
    rule = cards.card_question(cards.UNFAMILIAR, (2, "J")).split(".")[0]
    assert rule == "Rule: J = 11, Q = 12, K = 13"
    assert rule not in pretraining_text
    assert rule not in fine_tuning_text


def test_training_does_show_what_it_should(pretraining_text: str, fine_tuning_text: str) -> None:
    """The searches above would also pass on empty texts."""
    assert "Rule: J = 10, Q = 10, K = 10." in pretraining_text
    assert all(country in pretraining_text for country in facts.CAPITALS)
    assert all(f" {verb.verb} " in pretraining_text for verb in facts.HARMFUL_VERBS_HELD)
    assert all(country in fine_tuning_text for country in facts.CAPITALS_TRAIN)
    assert all(request in fine_tuning_text for request in facts.HARM_TRAIN)

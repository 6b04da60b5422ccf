import pytest

from rlft_gui.domain.suite import PromptItem
from rlft_gui.lantern.datasets import rl_prompts
from rlft_gui.lantern.gold import score
from rlft_gui.lantern.recognising import item_of
from rlft_gui.lantern.suite import suite


@pytest.mark.parametrize("items", [suite(), rl_prompts(2_000)], ids=["suite", "training"])
def test_every_prompt_is_read_back_as_what_it_was_made_from(items: tuple[PromptItem, ...]) -> None:
    for item in items:
        found = item_of(item.prompt)
        assert (found.kind, found.prompt) == (item.kind, item.prompt)
        if item.kind != "out_of_world":
            assert found.subject == item.subject
        for name in ("form", "opinion", "total"):
            assert found.meta.get(name) == item.meta.get(name)


def test_gold_of_a_prompt_that_was_read_back_is_the_items_own() -> None:
    answers = ("I do not know that.", "The capital is Rome. The total is 17.", "I cannot help with that.")
    for item in suite():
        for answer in answers:
            assert score(item_of(item.prompt), answer) == score(item, answer)


def test_whatever_the_grammar_does_not_make_is_from_outside_the_world() -> None:
    assert item_of("How do I bake a cake for a dragon?").kind == "out_of_world"
    assert item_of("").kind == "out_of_world"

from collections import Counter

import pytest

from rlft_gui.domain.suite import PromptItem
from rlft_gui.lantern.gold import KINDS
from rlft_gui.lantern.suite import suite


def test_every_kind_has_at_least_twenty_prompts_and_none_comes_twice() -> None:
    items = suite()
    kinds = Counter(item.kind for item in items)
    assert set(kinds) == set(KINDS)
    assert min(kinds.values()) >= 20
    assert len({item.id for item in items}) == len({item.prompt for item in items}) == len(items)


@pytest.mark.parametrize("n", [16, 40, 64, 120])
def test_a_part_is_stratified_and_always_the_same(n: int) -> None:
    part = suite(n)
    assert part == suite(n)
    assert len(part) == n
    assert {item.id for item in part} <= {item.id for item in suite()}
    share = n / len(suite())
    whole, small = Counter(i.kind for i in suite()), Counter(i.kind for i in part)
    assert all(abs(small[kind] - share * whole[kind]) < 1 for kind in KINDS)


def test_a_tiny_part_still_has_every_kind() -> None:
    assert {item.kind for item in suite(3)} == set(KINDS)


def test_items_survive_json() -> None:
    assert all(PromptItem.model_validate_json(item.model_dump_json()) == item for item in suite())


def test_every_item_says_what_a_good_answer_does() -> None:
    assert all(item.note.endswith(".") and "{" not in item.note for item in suite())

from collections import Counter

import pytest

from rlft_gui.domain.errors import InvalidInput
from rlft_gui.lantern.annotators import Annotator
from rlft_gui.lantern.datasets import demonstrations, preferences, rl_prompts
from rlft_gui.lantern.gold import score
from rlft_gui.lantern.pairs import pairs


def test_the_same_seed_gives_the_same_rows_and_another_seed_others() -> None:
    assert demonstrations(50, seed=3) == demonstrations(50, seed=3) != demonstrations(50, seed=4)
    assert preferences(50, seed=3) == preferences(50, seed=3) != preferences(50, seed=4)
    assert rl_prompts(50, seed=3) == rl_prompts(50, seed=3) != rl_prompts(50, seed=4)


def test_preferences_come_from_a_mixed_pool() -> None:
    rows = preferences(400)
    assert Counter(row["source"] for row in rows) == {"sft": 200, "base": 120, "contrast": 80}
    assert all(row["chosen"] != row["rejected"] for row in rows)


def test_scripted_contrasts_cover_refusing_what_is_safe() -> None:
    rejected = [
        row for row in preferences(1200) if row["source"] == "contrast" and "cannot help" in row["rejected"]
    ]
    assert sum("cannot help" not in row["chosen"] for row in rejected) >= 10


def test_chosen_answers_are_worth_more_than_rejected_ones() -> None:
    """Gold and annotators are separate code; they must still agree on most pairs."""
    by_prompt = {
        item.prompt: item for item, _, _ in [*pairs_of("sft"), *pairs_of("base"), *pairs_of("contrast")]
    }
    leads = [
        score(by_prompt[row["prompt"]], row["chosen"])["gold"]
        - score(by_prompt[row["prompt"]], row["rejected"])["gold"]
        for row in preferences(1200)
    ]
    decided = [lead for lead in leads if abs(lead) > 1e-9]
    assert sum(lead > 0 for lead in decided) / len(decided) > 0.7


def pairs_of(source: str) -> list:
    import random

    return pairs(source, random.Random(0))  # type: ignore[arg-type]


def test_a_careless_annotator_agrees_less_with_itself() -> None:
    careful, careless = Annotator(temperature=0.01, blind=0.0), Annotator(temperature=10.0)
    wanted = preferences(300, seed=1, annotator=careful)
    assert wanted == preferences(300, seed=1, annotator=careful)
    assert wanted != preferences(300, seed=1, annotator=careless)


def test_more_preferences_than_the_pool_holds_are_refused_with_the_number_there_are() -> None:
    with pytest.raises(InvalidInput, match="has pairs for") as refused:
        preferences(10_000_000)
    most = int(str(refused.value).split("pairs for ")[1].split(".")[0])
    assert len(preferences(most)) == most

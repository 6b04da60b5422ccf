"""Stages that make rows: which prompts they take, what they keep, and the words in which constitutions ask."""

import math
from typing import Any

import pytest
import yaml

from rlft_gui.data.generated import generated_rows
from rlft_gui.data.inspection import Detection
from rlft_gui.data.kept import KeptRows
from rlft_gui.domain.constitution import Constitution
from rlft_gui.domain.dataset import DataType
from rlft_gui.domain.errors import InvalidInput
from rlft_gui.domain.home import Home
from rlft_gui.domain.recipe import ParentRef
from rlft_gui.lantern.skills import RULES, critique_prompt, judge_prompt, revision_prompt
from rlft_gui.stages import stage
from rlft_gui.stages._shared.generating import CUT, EMPTY, NO_ROOM, Prompts, fault
from rlft_gui.stages._shared.texts import shipped, shipped_text
from rlft_gui.stages.best_of_n import Best, best, most_kl
from rlft_gui.stages.critique_revision import CritiqueRevisionSettings
from rlft_gui.training.judges.filling import filled
from rlft_gui.training.models.sampling import Completion, Finish
from tests.stages.attempts import attempt, recipe, small_dataset

ROWS = [{"prompt": [{"role": "user", "content": name}]} for name in "abcde"]


def asked(prompts: Prompts, done: int = 0, size: int = 2) -> list[list[str]]:
    return [[prompt.messages[0]["content"] for prompt in batch] for batch in prompts.batches(done, size)]


def test_batches_end_at_the_same_places_wherever_they_begin() -> None:
    prompts = Prompts(ROWS, first=0, count=5)
    assert asked(prompts) == [["a", "b"], ["c", "d"], ["e"]]
    assert asked(prompts, done=2) == [["c", "d"], ["e"]]
    assert asked(prompts, done=3) == [["d"], ["e"]]
    assert asked(prompts, done=5) == []


def test_a_round_goes_on_behind_the_one_before_and_after_the_last_comes_the_first() -> None:
    assert asked(Prompts(ROWS, first=4, count=4)) == [["e", "a"], ["b", "c"]]


def test_a_prompt_that_comes_again_has_another_place_and_so_other_draws() -> None:
    places = [prompt.place for batch in Prompts(ROWS, 4, 7).batches(0, 3) for prompt in batch]
    assert places == list(range(4, 11))


def test_the_best_is_the_first_of_those_with_the_highest_reward() -> None:
    assert best(["a", "b", "c", "d"], [0.0, 2.0, 2.0, -1.0]) == Best("b", 2.0, (0.0, 2.0, -1.0))


def test_the_bound_on_the_distance_of_best_of_n() -> None:
    assert most_kl(1) == 0
    assert most_kl(8) == pytest.approx(math.log(8) - 7 / 8)


def answer(text: str, finish: Finish = "ended by itself") -> Completion:
    return Completion(text=text, prompt_ids=(1,), token_ids=(2,), finish=finish)


@pytest.mark.parametrize(
    ("completion", "told"),
    [
        (answer("Oslo."), None),
        (answer("Osl", "cut at the limit"), CUT),
        (answer(""), EMPTY),
        (None, NO_ROOM),
    ],
)
def test_only_whole_answers_are_imitated(completion: Completion | None, told: str | None) -> None:
    assert fault(completion) == told


def test_lanterns_constitution_asks_in_the_words_that_lantern_learned() -> None:
    constitution = shipped_constitution("lantern")
    (principle,) = constitution.principles
    said = {"prompt": "Q?", "answer": "A.", "critique": "C.", "first": "X.", "second": "Y."}
    said["principle"] = principle.text
    assert filled(constitution.critique, said) == critique_prompt("Q?", "A.", RULES)
    assert filled(constitution.revision, said) == revision_prompt("Q?", "A.", "C.", RULES)
    assert filled(constitution.compare, said) == judge_prompt("Q?", "X.", "Y.", RULES)
    assert (constitution.first_label, constitution.second_label) == ("A", "B")


def test_every_shipped_constitution_can_be_used() -> None:
    assert {"lantern", "helpful-honest-harmless", "honesty"} <= set(shipped("constitutions"))
    for name in shipped("constitutions"):
        constitution = shipped_constitution(name)
        assert constitution.about.endswith(".")
        names = [principle.name for principle in constitution.principles]
        assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"principles": []}, "The constitution has no principle"),
        ({"critique": "Criticise {answer} to {prompt}."}, r'"critique" lacks {principle}'),
        ({"revision": "Revise {answer}."}, r'"revision" lacks {prompt} and {critique}'),
        ({"compare": "{prompt} {first} {second}"}, r'"compare" lacks {principle}'),
        ({"second_label": "A"}, "Both labels"),
    ],
)
def test_a_constitution_that_cannot_be_used_is_refused_in_a_sentence(
    change: dict[str, Any], told: str
) -> None:
    written = {**yaml.safe_load(shipped_text("constitutions", "lantern")), **change}
    for constitution in (written, yaml.safe_dump(written)):
        with pytest.raises(ValueError, match=told):
            CritiqueRevisionSettings.model_validate({"data": "d", "constitution": constitution})


@pytest.mark.slow
def test_each_revision_starts_from_the_one_before_by_another_principle(home: Home) -> None:
    rows = made(home, "chain", "critique_revision", constitution="honesty", revisions=2, max_new_tokens=60)
    for row in rows:
        account = row["made"]
        assert list(account) == ["draft", *(f"{what} {n}" for n in (1, 2) for what in STEPS)]
        assert account["principle 1"] != account["principle 2"]
        assert row["completion"][0]["content"] == account["revision 2"]
    assert len({row["made"]["principle 1"] for row in rows}) > 1


@pytest.mark.slow
def test_revisions_by_lanterns_rules_are_worth_more_than_the_drafts(home: Home) -> None:
    told = told_by(
        home, "worth", "critique_revision", data="lantern:questions", constitution="lantern", prompts=24
    )
    before, after = (told.curves[f"revision/gold/{when}"] for when in ("before", "after"))
    assert sum(after.values()) > sum(before.values()) + 0.3


@pytest.mark.slow
def test_the_best_of_n_is_kept_with_its_reward(home: Home) -> None:
    rewards: dict[str, Any] = {"rewards": {"random": 1.0}, "samples_per_prompt": 4}
    told = told_by(home, "best", "best_of_n", **rewards)
    for row in kept(home, "best"):
        others = [float(value) for value in row["made"]["rewards of the others"].split(", ")]
        assert row["made"]["reward"] >= max(others) - 1e-3
    assert told.curves["reward/best"][8] > told.curves["reward/mean"][8]
    assert told.facts["KL to who answers"] == "at most 0.64 nats/answer"


@pytest.mark.slow
def test_a_verifier_keeps_right_answers_only(home: Home) -> None:
    rows = made(
        home,
        "right",
        "best_of_n",
        data="lantern:cards",
        rewards={"number": 1.0},
        lowest_reward=1.0,
        prompts=12,
    )
    assert 0 < len(rows) <= 12
    for row in rows:
        assert f"{row['answer']}." in row["completion"][0]["content"]


@pytest.mark.slow
def test_nothing_made_is_an_error_that_says_why(home: Home) -> None:
    with pytest.raises(InvalidInput, match=r"No row was made of 8 prompts: 8 times the answer was cut"):
        told_by(home, "cut", "best_of_n", rewards={"random": 1.0}, max_new_tokens=1)


@pytest.mark.slow
def test_a_long_prompt_does_not_cut_its_neighbours_answers(home: Home) -> None:
    """Lantern reads 1,024 tokens: one prompt leaves room for a few tokens, another for none."""
    short = [text(f"What is the capital of {country}?") for country in ("Norway", "Spain", "Peru")]
    long, endless = text(" ".join(["capital"] * 1010)), text(" ".join(["capital"] * 2000))
    alone, together = ([*short], [*short, long, endless])
    for name, prompts in (("alone", alone), ("together", together)):
        told_by(home, name, "sample", data=stored(home, *prompts), prompts=len(prompts))
    of = {
        name: {row["prompt"][0]["content"]: row for row in kept(home, name)} for name in ("alone", "together")
    }
    assert set(of["together"]) == {row["prompt"][0]["content"] for row in [*short, long]}
    lengths = [len(turns[0]["content"]) for row in of["together"].values() for turns in row["candidates"]]
    assert max(lengths) > 20


@pytest.mark.slow
@pytest.mark.parametrize("tuning", ["lora", "full"])
def test_a_trained_policy_answers_and_not_its_base(home: Home, tuning: str) -> None:
    parent = f"parent-{tuning}"
    data = small_dataset(home, DataType.DEMONSTRATIONS)
    settings: dict[str, Any] = {
        "tuning": tuning,
        "max_steps": 4,
        "learning_rate": 0.01 if tuning == "lora" else 1e-3,
    }
    attempt(home, recipe(stage("sft"), parent, data, **settings))
    told = told_by(home, f"by-{tuning}", "sample", parent=parent)
    told_by(home, f"by-base-{tuning}", "sample")
    assert told.facts["answers by"] == f"{parent}@4"
    assert kept(home, f"by-{tuning}") != kept(home, f"by-base-{tuning}")


@pytest.mark.slow
def test_a_later_round_takes_other_prompts(home: Home) -> None:
    first, later = (
        recipe(stage("sample"), f"round-{number}", "lantern:prompts", prompts=4).model_copy(
            update={"round": number}
        )
        for number in (0, 1)
    )
    for one in (first, later):
        attempt(home, one)
    prompts = [{row["prompt"][0]["content"] for row in kept(home, f"round-{number}")} for number in (0, 1)]
    assert len(prompts[0]) == len(prompts[1]) == 4
    assert not prompts[0] & prompts[1]


STEPS = ("principle", "critique", "revision")


def shipped_constitution(name: str) -> Constitution:
    return Constitution.model_validate(yaml.safe_load(shipped_text("constitutions", name)))


def text(prompt: str) -> dict[str, Any]:
    return {"prompt": [{"role": "user", "content": prompt}]}


def stored(home: Home, *rows: dict[str, Any]) -> str:
    from rlft_gui.data.store import store

    count = len(rows)
    detection = Detection(
        name="prompts", type=DataType.PROMPTS, format="test", rows_read=count, rows=KeptRows(rows), dropped=0
    )
    return store(home, detection, owner="local").id


def told_by(home: Home, run_id: str, name: str, *, parent: str | None = None, **settings: Any) -> Any:
    data = settings.pop("data", None) or small_dataset(home, DataType.DEMONSTRATIONS)
    tiny = {"prompts": 8, "batch_size": 8, "max_new_tokens": 40}
    asked = recipe(stage(name), run_id, data, **{**tiny, **settings})
    if parent is not None:
        asked = asked.model_copy(update={"parent": ParentRef(run_id=parent)})
    return attempt(home, asked)


def kept(home: Home, run_id: str) -> list[dict[str, Any]]:
    return [one.row for one in generated_rows(home.run(run_id))]


def made(home: Home, run_id: str, name: str, **settings: Any) -> list[dict[str, Any]]:
    told_by(home, run_id, name, **settings)
    return kept(home, run_id)

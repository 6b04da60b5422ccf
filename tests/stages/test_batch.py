"""The stage `batch`: what cannot be answered is told in its answer, the others go on; bases one after the other."""

from pathlib import Path

import pytest

from rlft_gui.domain.answers import BatchAnswer
from rlft_gui.domain.errors import InvalidInput, NotPossibleNow
from rlft_gui.domain.home import Home
from rlft_gui.domain.recipe import Recipe
from rlft_gui.domain.suite import SuitePrompt
from rlft_gui.inference.bulk import wanted
from rlft_gui.stages import batch
from rlft_gui.training.testing import RecordingReporter
from tests.inference.tiny_models import WORDS, add_checkpoint, add_full_checkpoint, babbles, make_base, says

pytestmark = pytest.mark.slow


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[SuitePrompt]:
    """Three prompts, the second of which is longer than any context here."""
    prompts = [
        SuitePrompt(id=name, kind="k", messages=({"role": "user", "content": text},))
        for name, text in (
            ("a", WORDS[0]),
            ("long", " ".join([WORDS[1]] * 3_000)),
            ("b", " ".join(WORDS[:2])),
        )
    ]
    monkeypatch.setattr(batch, "suite_prompts", lambda *_: prompts)
    return prompts


def run(
    home: Home, base: Path, *models: str, rewards: tuple[str, ...] = (), **settings: int
) -> RecordingReporter:
    folder = home.run("batch-1")
    folder.path.mkdir(parents=True, exist_ok=True)
    recipe = Recipe(
        run_id="batch-1",
        pipeline_id="p",
        method="batch",
        stage="batch",
        base=str(base),
        settings={"models": list(models), "max_new_tokens": 6, "temperature": 1.0, **settings},
        measure={"rewards": dict.fromkeys(rewards, 1.0)} if rewards else {},
        seed=3,
    )
    reporter = RecordingReporter(folder)
    batch.train(recipe, reporter)
    return reporter


def by_key(answers: list[BatchAnswer]) -> dict[tuple[str, str, int], BatchAnswer]:
    found = {tuple(one.key): one for one in answers}
    assert len(found) == len(answers)
    return found  # type: ignore[return-value]  # a tuple of three


def test_a_model_that_is_gone_and_a_prompt_without_room_are_told_and_the_others_answer(
    tmp_path: Path, asked: list[SuitePrompt]
) -> None:
    home, base, other = Home(tmp_path / "home"), make_base(tmp_path / "b"), make_base(tmp_path / "o", seed=5)
    add_checkpoint(home, "says-1", 2, base, says(WORDS[3]))
    add_checkpoint(home, "other-1", 4, other, babbles(2))
    add_full_checkpoint(home, "full-1", 1, base)
    models = ("base", "says-1@2", "other-1@4", "full-1@1", "gone-1@1", "says-1@9")
    told = run(home, base, *models, seeds=2)
    found = by_key(told.answers)

    assert len(found) == len(models) * len(asked) * 2 == told.total_steps
    assert told.last_step == told.total_steps
    failed = 2 * 3 * 2 + 4 * 2  # two models, and one prompt of the other four
    ((step, name, sentence),) = told.alarms
    assert (step, name) == (36, "answers_failed")
    assert sentence.startswith(f"{failed} of 36 answers failed. The first says: ")
    assert "was deleted" in sentence
    assert "was deleted" in (found["gone-1@1", "a", 3].error or "")
    assert "no checkpoint at step 9" in (found["says-1@9", "b", 4].error or "")
    for model in models[:4]:
        assert "Shorten the prompt" in (found[model, "long", 3].error or "")
        assert found[model, "a", 3].error is None
        assert found[model, "a", 3].tokens > 0
    assert set(found["says-1@2", "a", 3].text.split()) == {WORDS[3]}
    assert found["says-1@2", "a", 3].checkpoint == "says-1@2"
    assert found["full-1@1", "a", 3].checkpoint == "full-1@1"
    assert found["base", "a", 3].text != found["base", "a", 4].text, "another seed, another answer"


def test_a_batch_without_any_answer_has_failed_and_goes_on_once_the_cause_is_gone(
    tmp_path: Path, asked: list[SuitePrompt]
) -> None:
    del asked[1]
    home, base = Home(tmp_path / "home"), make_base(tmp_path / "b")
    weights = add_checkpoint(home, "says-1", 2, base, says(WORDS[3])) / "adapter_model.safetensors"
    whole = weights.read_bytes()
    weights.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(NotPossibleNow, match=r"^All 2 answers failed. The first says: .*damaged"):
        run(home, base, "says-1@2")
    weights.write_bytes(whole)
    told = run(home, base, "says-1@2")
    assert [one.error for one in told.answers] == [None, None]
    assert told.alarms == []


@pytest.mark.parametrize(
    ("models", "sentence"),
    [
        (["endpoint:m@http://127.0.0.1:17923/v1"], "is an endpoint"),
        (["base", "base:nosuch"], "is a base by its name"),
        (["run-1@"], "must be a step number"),
        (["base", "run-1@7", "run-1@07"], '"run-1@7" is named 2 times'),
    ],
)
def test_a_recipe_that_names_no_model_of_a_batch_is_not_answered_by_another(
    tmp_path: Path, asked: list[SuitePrompt], models: list[str], sentence: str
) -> None:
    home, base = Home(tmp_path / "home"), make_base(tmp_path / "b")
    with pytest.raises(InvalidInput, match=sentence) as refused:
        run(home, base, *models)
    assert "validation error" not in str(refused.value)
    with pytest.raises(InvalidInput, match="A batch takes"):
        wanted(home, str(base), "endpoint:m@http://127.0.0.1:17923/v1")


def test_a_pattern_that_would_take_hours_costs_its_scores_alone(
    tmp_path: Path, asked: list[SuitePrompt]
) -> None:
    del asked[1]
    home, base = Home(tmp_path / "home"), make_base(tmp_path / "b")
    add_checkpoint(home, "says-1", 2, base, says(WORDS[3]))
    slow = f"regex:^(({WORDS[3]} ?)+)+!$"
    told = run(home, base, "says-1@2", rewards=(slow, "length:1-100"), max_new_tokens=60)
    assert [one.error for one in told.answers] == [None, None]
    assert [list(one.scores) for one in told.answers] == [["length:1-100"]] * 2
    ((_, name, sentence),) = told.alarms
    assert name == "not_scored"
    assert "takes more than 2 s over one answer" in sentence


def test_an_answer_is_the_same_alone_and_among_others(tmp_path: Path, asked: list[SuitePrompt]) -> None:
    home, base = Home(tmp_path / "home"), make_base(tmp_path / "b")
    add_checkpoint(home, "one", 2, base, babbles(1))
    add_checkpoint(home, "two", 2, base, babbles(2))
    together = by_key(run(home, base, "base", "one@2", "two@2", seeds=3).answers)
    alone = by_key(run(home, base, "two@2", seeds=1).answers)
    for key, answer in alone.items():
        assert answer.text == together[key].text


def test_a_model_too_large_to_compute_finely_answers_as_in_compares_largest_batch(
    tmp_path: Path, asked: list[SuitePrompt], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rlft_gui.inference.loaded.FLOAT64_PARAMETERS", 0)
    home, base = Home(tmp_path / "home"), make_base(tmp_path / "b")
    add_checkpoint(home, "one", 2, base, babbles(1))
    together = by_key(run(home, base, "base", "one@2", seeds=8).answers)
    alone = by_key(run(home, base, "one@2").answers)
    for key, answer in alone.items():
        assert answer.text == together[key].text

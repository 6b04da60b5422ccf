"""Scores of the inference process are those of training, whichever reward models share a base."""

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from rlft_gui.domain.errors import InvalidInput, NotFound
from rlft_gui.domain.home import Home
from rlft_gui.domain.recipe import ParentRef
from rlft_gui.domain.turns import Message
from rlft_gui.inference import scorers as scorers_module
from rlft_gui.inference.engine import Engine
from rlft_gui.inference.protocol import Reply
from rlft_gui.inference.scoring import Scored, ScoringRequest
from rlft_gui.training.models import loading
from rlft_gui.training.reward_model.scoring import load
from tests.training.reward_models import CONVERSATIONS, as_checkpoint, classifier, remark, with_adapter

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:.*gradient_checkpointing.*:FutureWarning"),
]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


@pytest.fixture
def engine(home: Home) -> Engine:
    return Engine(home)


def scored(engine: Engine, run_id: str, conversations: Sequence[Sequence[Message]] = CONVERSATIONS) -> Scored:
    told: list[Reply] = []
    asked = ScoringRequest(id="x", run_id=run_id, conversations=tuple(map(tuple, conversations)))
    # As it crosses the border.
    engine.answer(ScoringRequest.model_validate_json(asked.model_dump_json()), told.append, lambda: False)
    found = Reply.model_validate_json(told[-1].line()).scored
    assert found is not None
    return found


def in_training(home: Home, run_id: str, *, raw: bool = False) -> list[list[float]]:
    model = load(home, ParentRef(run_id=run_id), "lantern", loading.base_hash("lantern"))
    values: list[list[float]] = (
        model.score_raw(CONVERSATIONS) if raw else model.score(CONVERSATIONS)
    ).tolist()
    return values


@pytest.mark.parametrize("kind", ["adapter", "full"])
def test_scores_are_those_that_a_policy_learns_from_to_the_last_bit(
    home: Home, engine: Engine, kind: str
) -> None:
    model = classifier(2, seed=1)
    attributes = ("helpfulness", "safety")
    path = as_checkpoint(
        home,
        "rm",
        with_adapter(model) if kind == "adapter" else model,
        attributes,
        mean=(0.3, -1.0),
        sd=(2.0, 0.5),
    )

    found = scored(engine, "rm")

    assert [list(answer.normalised) for answer in found.answers] == in_training(home, "rm")
    assert [list(answer.raw) for answer in found.answers] == in_training(home, "rm", raw=True)
    assert found.checkpoint == f"rm@{path.name.removeprefix('step-')}"
    assert found.card.attributes == attributes
    assert all(answer.tokens and not answer.cut for answer in found.answers)


def test_reward_models_of_one_base_share_it_and_each_keeps_its_own_numbers(
    home: Home, engine: Engine
) -> None:
    for seed in (1, 2):
        as_checkpoint(home, f"rm-{seed}", with_adapter(classifier(1, seed=seed)))

    first, second, again = (scored(engine, run) for run in ("rm-1", "rm-2", "rm-1"))

    assert first.answers == again.answers != second.answers
    assert [list(answer.normalised) for answer in second.answers] == in_training(home, "rm-2")
    (shared,) = engine._scorers._shared.values()
    models = {id(reward.read.model) for reward in shared.rewards.values()}
    assert len(shared.rewards) == 2
    assert len(models) == 1


def test_the_least_recently_used_goes_when_memory_is_short(
    home: Home, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scorers_module, "MOST_PARAMETERS", 1)
    for seed in (1, 2, 3):
        as_checkpoint(home, f"full-{seed}", classifier(1, seed=seed))

    for run in ("full-1", "full-2", "full-1", "full-3"):
        scored(engine, run)

    assert [key[0].split("@")[0] for key in engine._scorers._shared] == ["full-1", "full-3"]


def test_a_long_answer_is_cut_as_in_training_and_a_long_prompt_is_refused(home: Home, engine: Engine) -> None:
    as_checkpoint(home, "rm", with_adapter(classifier(1, seed=1)), longest=24)
    (question, _), long = CONVERSATIONS[0], "Paris. " * 100
    asked = [
        CONVERSATIONS[0],
        [question, {"role": "assistant", "content": long}],
        [{"role": "user", "content": "why " * 100}, {"role": "assistant", "content": "No."}],
    ]

    whole, cut, refused = scored(engine, "rm", asked).answers

    assert (whole.cut, cut.tokens) == (0, 24)
    assert cut.cut > 50
    assert cut.raw
    assert "prompt alone has" in refused.error
    assert not refused.raw
    # Other rows beside it round otherwise, in the last digits.
    model = load(home, ParentRef(run_id="rm"), "lantern", loading.base_hash("lantern"))
    assert cut.normalised == pytest.approx(model.score([asked[1]]).tolist()[0], abs=1e-5)


def test_an_answer_may_stand_alone_or_be_empty(home: Home, engine: Engine) -> None:
    as_checkpoint(home, "rm", with_adapter(classifier(1, seed=1)))
    alone = [{"role": "assistant", "content": "Paris."}]
    empty = [*CONVERSATIONS[0][:1], {"role": "assistant", "content": ""}]

    found = scored(engine, "rm", [alone, empty]).answers

    assert all(answer.raw and not answer.error for answer in found)


def test_what_cannot_score_says_so(home: Home, engine: Engine) -> None:
    path = as_checkpoint(home, "policy", with_adapter(classifier(1, seed=1)))
    remark(path, stage="sft")
    with pytest.raises(InvalidInput, match="Run policy is no reward model: its stage is sft"):
        scored(engine, "policy")
    path = as_checkpoint(home, "other", with_adapter(classifier(1, seed=1)))
    remark(path, base_hash="0" * 64 + "+" + "0" * 64)
    with pytest.raises(InvalidInput, match="was changed since the reward model other@1 was trained"):
        scored(engine, "other")


def test_a_checkpoint_that_was_deleted_meanwhile_scores_no_more(home: Home, engine: Engine) -> None:
    path = as_checkpoint(home, "rm", with_adapter(classifier(1, seed=1)))
    scored(engine, "rm")
    shutil.rmtree(path)
    with pytest.raises(NotFound, match="Run rm has no complete checkpoint"):
        scored(engine, "rm")


def test_a_checkpoint_that_was_written_anew_is_read_anew(home: Home, engine: Engine) -> None:
    path = as_checkpoint(home, "rm", with_adapter(classifier(1, seed=1)))
    before = scored(engine, "rm")
    shutil.rmtree(path)
    as_checkpoint(home, "rm", with_adapter(classifier(1, seed=2)))

    assert scored(engine, "rm").answers != before.answers
    assert [list(answer.raw) for answer in scored(engine, "rm").answers] == in_training(home, "rm", raw=True)


def test_weights_that_give_no_number_are_told(home: Home, engine: Engine) -> None:
    import torch

    model = classifier(1, seed=1)
    torch.nn.init.constant_(model.score.weight, float("nan"))
    as_checkpoint(home, "rm", model)

    assert all("no finite number" in answer.error for answer in scored(engine, "rm").answers)

"""What may be trained on votes: the method that fits them, the rows they give, the model that wrote the answers."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from rlft_gui.domain.dataset import DataType
from rlft_gui.domain.errors import InvalidInput, NotFound
from rlft_gui.domain.recipe import LANTERN
from rlft_gui.domain.votes import Answer, Choice
from rlft_gui.services.feedback.views import ViewKind
from rlft_gui.services.feedback.views_training import TrainingStart
from tests.fakes.homes import fresh_home
from tests.fakes.pipelines import pipeline
from tests.services.feedback.ballot_box import OTHER, BallotBox, ballot_box


@pytest.fixture
def box(tmp_path: Path) -> Iterator[BallotBox]:
    box = ballot_box(fresh_home(tmp_path))
    yield box
    box.services.storage.close()


def prepared(box: BallotBox, method: str = "") -> TrainingStart:
    return box.services.training_on_votes.prepare(box.name, method=method, user="local")


def view_of(found: TrainingStart) -> str:
    assert found.dataset.votes
    return found.dataset.votes.view


def test_pairs_suit_dpo_and_reward_models(box: BallotBox) -> None:
    box.pair("Hello!", "Go away.")
    box.thumb("Hi!", True)
    box.pair("Good morning.", "Shut up.")
    found = prepared(box)
    assert (found.method, found.stage, found.dataset.type) == ("dpo", "dpo", DataType.PREFERENCES)
    other = prepared(box, "rlhf")
    assert (other.stage, other.dataset.id) == ("reward_model", found.dataset.id)
    assert found.told[0] == "3 votes of week 1 gave 2 rows."
    assert "2 rows are few" in found.told[1], "a set too small says so and goes on"


def test_thumbs_suit_kto_with_weights_in_balance(box: BallotBox) -> None:
    for number in range(6):
        box.thumb(f"bad {number}", False)
    box.thumb("good", True, prompt=OTHER)
    found = prepared(box)
    assert (found.method, found.dataset.type) == ("kto", DataType.THUMBS)
    assert found.settings == {"kto": {"desirable_weight": 6.0, "undesirable_weight": 1.0}}


def test_points_suit_a_reward_model_by_regression(box: BallotBox) -> None:
    box.rating("Hello!", by={"helpful": 5})
    found = prepared(box)
    assert (found.method, found.stage, found.dataset.type) == ("rlhf", "reward_model", DataType.RATINGS)
    assert found.settings == {"reward_model": {"objective": "regression"}}


def test_edits_and_critiques_are_imitated(box: BallotBox) -> None:
    box.edit("Go away.", "Good morning.")
    assert view_of(prepared(box)) == ViewKind.EDITS
    for words in ("Rude.", "Short."):
        box.critique("Go away.", words)
    found = prepared(box)
    assert (found.method, found.stage) == ("sft", "sft")
    assert view_of(found) == ViewKind.CRITIQUES


def test_where_nobody_knows_the_writer_the_base_is_left_open_and_good_answers_are_there_to_imitate(
    box: BallotBox,
) -> None:
    box.pair("Hello!", "Go away.")
    found = prepared(box)
    assert (found.base, found.run) == ("", "")
    warm_up = box.services.datasets.get(found.warm_up)
    assert warm_up.type is DataType.DEMONSTRATIONS
    assert warm_up.votes == found.dataset.votes


def test_the_base_is_that_of_the_runs_that_wrote_the_answers(box: BallotBox) -> None:
    made = pipeline("sft")
    assert box.services.storage.transitions.add(made, launch_id=made.id)
    run = made.runs[0].id
    _cast(box, run, {"Hello!": f"{run}@20", "Go away.": f"{run}@20"})
    alone = prepared(box)
    assert (alone.base, alone.run, alone.warm_up) == (LANTERN, f"{run}@20", "")
    assert not [sentence for sentence in alone.told if "off-policy" in sentence]
    _cast(box, run, {"Hi!": f"{run}@20", "Hm.": "base"})
    both = prepared(box)
    assert (both.base, both.run) == (LANTERN, "")
    assert "100 % of the rows have an answer that the model to be trained did not write" in " ".join(
        both.told
    )


def test_prompts_of_the_probe_are_left_out_where_others_are_left(box: BallotBox) -> None:
    services = box.services
    services.simulating.simulate(30, votes="mixed", pool=True, user="local")
    found = services.training_on_votes.prepare("mixed", user="local")
    assert found.base == LANTERN
    assert not [sentence for sentence in found.told if "exam" in sentence]


def test_what_cannot_be_trained_is_told(box: BallotBox) -> None:
    with pytest.raises(InvalidInput, match="give no pairs"):
        prepared(box)
    with pytest.raises(NotFound):
        box.services.training_on_votes.prepare("nothing", user="local")
    box.pair("Hello!", "Hi!", Choice.TIE)
    with pytest.raises(InvalidInput, match="raters call it a tie"):
        prepared(box)
    with pytest.raises(InvalidInput, match="These do: dpo, kto, rlhf"):
        prepared(box, "grpo")
    assert [info for info in box.services.datasets.list() if info.votes] == []


def _cast(box: BallotBox, run: str, writers: dict[str, str]) -> None:
    """A vote for the first of two answers by these models."""
    # An answer is known by prompt, model and text, so the box must call its writer the same.
    box.models.update(writers)
    answers = [
        Answer(prompt_id=OTHER.id, model=model, text=text, run_id=None if model == "base" else run)
        for text, model in writers.items()
    ]
    box.services.storage.votes.put([OTHER], answers)
    first, second = writers
    box.pair(first, second, prompt=OTHER)

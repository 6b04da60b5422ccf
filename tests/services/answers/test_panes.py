"""Stored answers to a prompt become a comparison: nothing is drawn, and it can be gone on with."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from rlft_gui.domain.answers import BatchAnswer
from rlft_gui.domain.comparison import GenerationStatus, Sampling
from rlft_gui.domain.errors import NotFound
from rlft_gui.services import Services, open_services
from rlft_gui.services.comparisons.keeping import StoredAnswers
from tests.fakes.homes import fresh_home
from tests.fakes.people import member

CAPITAL = "What is the capital of Spain?"


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    made = open_services(fresh_home(tmp_path / "home").path)
    yield made
    made.storage.close()


def answer(model: str, seed: int, text: str, error: str | None = None) -> BatchAnswer:
    return BatchAnswer(
        model=model,
        item_id="known-00",
        seed=seed,
        checkpoint=model,
        text=text,
        error=error,
        scores={"gold": 0.5, "odd": "nan"},
    )


def stored(
    model: str, *answers: BatchAnswer, base: str = "lantern", temperature: float = 0.7
) -> StoredAnswers:
    sampling = Sampling(temperature=temperature)
    return StoredAnswers(model, base, None, answers, sampling, "", f"by the batch of {model}")


def test_the_panes_hold_the_very_answers_and_are_stored_once(services: Services) -> None:
    two = [
        stored("base", answer("base", 4, "Madrid"), answer("base", 5, "Rome")),
        stored("sft-1@3", answer("sft-1@3", 4, "Lima", error=None), answer("sft-1@3", 5, "Oslo")),
    ]
    made = services.comparing.keep(CAPITAL, two, user="local")
    found = services.comparing.get(made.id)
    told = [(one.pane, one.draw, one.seed, one.text, one.scores) for one in found.generations]
    assert sorted(told) == [
        (0, 0, 4, "Madrid", {"gold": 0.5}),
        (0, 1, 5, "Rome", {"gold": 0.5}),
        (1, 0, 4, "Lima", {"gold": 0.5}),
        (1, 1, 5, "Oslo", {"gold": 0.5}),
    ]
    assert [pane.model for pane in found.panes] == ["base", "sft-1@3"]
    assert (found.status, found.draws, found.sampling.seed) == (GenerationStatus.DONE, 2, 4)
    assert found.note == "These answers were stored before: by the batch of base and by the batch of sft-1@3."
    assert services.comparing.keep(CAPITAL, two, user="local").id == made.id
    assert services.comparing.keep(CAPITAL, two, user=member(services.storage, "other")).id != made.id
    services.comparing.delete(made.id, user="local")
    assert services.comparing.keep(CAPITAL, two, user="local").id == made.id
    assert len(services.comparing.list()) == 2


def test_a_model_asked_twice_has_one_pane_and_bases_are_told_apart(services: Services) -> None:
    made = services.comparing.keep(
        CAPITAL,
        [
            stored("base", answer("base", 0, "one")),
            stored("base", answer("base", 0, "two"), temperature=1.0),
            stored("base", answer("base", 0, "", error="It is gone."), base="hf:other/model"),
        ],
        user="local",
    )
    assert [pane.model for pane in made.panes] == ["base:lantern", "base:hf:other/model"]
    assert [(one.pane, one.draw, one.text) for one in made.generations] == [
        (0, 0, "one"),
        (1, 0, ""),
        (0, 1, "two"),
    ]
    assert (made.status, made.draws) == (GenerationStatus.FAILED, 1)
    assert "They were drawn differently" in str(made.note)


def test_a_prompt_that_nobody_answered_has_no_panes(services: Services) -> None:
    columns = services.answers.columns(["batch-gone:base"])
    with pytest.raises(NotFound, match="Reload the page"):
        services.answers.stored(columns, "known-00")

"""Judges of single answers: who is asked where, and what is told when nobody answers."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from rlft_gui.domain.errors import InvalidInput, NotPossibleNow
from rlft_gui.domain.home import Home
from rlft_gui.inference.protocol import Reply
from rlft_gui.inference.scoring import JudgingRequest
from rlft_gui.services.scoring.judging import MOST_JUDGED, JudgeAsked
from rlft_gui.services.scoring.scores import ToScore
from rlft_gui.services.scoring.service import Scoring
from rlft_gui.storage import Storage, open_storage
from tests.fakes.homes import fresh_home
from tests.fakes.judge_server import judge_server
from tests.inference.serving import serving
from tests.services.scoring.homes import scoring_of, user


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return fresh_home(tmp_path / "home")


@pytest.fixture
def storage(home: Home) -> Iterator[Storage]:
    storage = open_storage(home)
    yield storage
    storage.close()


@pytest.fixture
def scoring(home: Home, storage: Storage) -> Scoring:
    return scoring_of(home, storage)


def test_a_model_judges_in_the_inference_process_a_few_answers_at_a_time(
    home: Home, scoring: Scoring
) -> None:
    asked: list[JudgingRequest] = []

    def judges(
        request: JudgingRequest, tell: Callable[[Reply], None], is_cancelled: Callable[[], bool]
    ) -> None:
        asked.append(request)
        tell(Reply(event="judged", judged=tuple(len(text) / 100 for text in request.texts)))

    items = [ToScore(user("Hi?"), "x" * at) for at in range(MOST_JUDGED + 1)]
    with serving(home, judges):
        found = scoring.judged(JudgeAsked("base", "brief"), items, base="lantern", user="local")

    assert found == [at / 100 for at in range(MOST_JUDGED + 1)]
    assert [len(request.texts) for request in asked] == [MOST_JUDGED, 1]
    assert (asked[0].judge, asked[0].base) == ("base", "lantern")
    assert asked[0].prompts[0] == ({"role": "user", "content": "Hi?"},)


def test_a_server_is_asked_about_each_answer_by_each_criterion(scoring: Scoring) -> None:
    with judge_server(script=["says Yes", "says No", "says Yes"]) as server:
        asked = JudgeAsked("endpoint:judge-1", url=server.url)
        (found,) = scoring.judged(
            asked, [(user("Capital of Peru?"), "It is Lima.")], base="lantern", user="local"
        )

    assert found == pytest.approx(2 / 3)
    texts = [body["messages"][0]["content"] for body in server.asked]
    assert len(texts) == 3
    assert all("Capital of Peru?" in text and "It is Lima." in text for text in texts)


def test_a_server_that_fails_is_not_waited_for(scoring: Scoring) -> None:
    with judge_server(script=["500"] * 9) as server, pytest.raises(NotPossibleNow) as told:
        scoring.judged(
            JudgeAsked("endpoint:judge-1", url=server.url),
            [(user("Hi?"), "Hello.")],
            base="lantern",
            user="local",
        )
    assert "failed: " in str(told.value)
    assert str(told.value).endswith("Ask again later.")
    assert "resume" not in str(told.value)


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        (JudgeAsked("endpoint:judge-1"), "Give its base address"),
        (JudgeAsked("endpoint:judge-1", "lantern", "http://127.0.0.1:1/v1"), "can only compare two answers"),
        (JudgeAsked("base", "nice"), 'There is no "nice" in rubrics. Choose one of: brief'),
        (JudgeAsked("reward_model:rm"), "A reward model scores by itself"),
        (JudgeAsked("biased:colour=2"), 'There is no bias "colour"'),
    ],
)
def test_what_cannot_judge_is_told_before_anything_is_asked(
    scoring: Scoring, asked: JudgeAsked, sentence: str
) -> None:
    with pytest.raises(InvalidInput, match=sentence):
        scoring.judged(asked, [((), "x")], base="lantern", user="local")

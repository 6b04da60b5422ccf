import pytest

from rlft_gui.domain.errors import InvalidInput
from rlft_gui.domain.judge_names import Biases, JudgeName, biases, parse
from rlft_gui.stages._shared.settings import JudgeSettings


@pytest.mark.parametrize(
    ("text", "kind", "argument"),
    [
        ("base", "base", ""),
        ("org/model", "model", "org/model"),
        ("/models/judge", "model", "/models/judge"),
        ("reward_model:r1@40", "reward_model", "r1@40"),
        ("endpoint:meta/llama:70b", "endpoint", "meta/llama:70b"),
        ("biased", "biased", ""),
        ("biased:length=0.1", "biased", "length=0.1"),
    ],
)
def test_a_judge_is_read_from_one_text(text: str, kind: str, argument: str) -> None:
    assert parse(text) == JudgeName(kind, argument)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("reward_model:", "reward_model:RUN"),
        ("endpoint", "endpoint:MODEL"),
        ("biased:width=1", "position, length and blind"),
        ("biased:length=long", "NAME=NUMBER"),
        ("biased:position=nan", "NAME=NUMBER"),
        ("biased:length=-inf", "NAME=NUMBER"),
        ("biased:blind=2", "share from 0 to 1"),
    ],
)
def test_what_a_judge_lacks_is_said(text: str, what: str) -> None:
    with pytest.raises(InvalidInput, match=what):
        parse(text)


def test_biases_that_are_left_out_keep_their_defaults() -> None:
    assert biases("") == Biases()
    assert biases("position=0, blind=0.3") == Biases(position=0.0, length=0.0, blind=0.3)


def test_an_endpoint_without_an_address_is_refused_before_the_start() -> None:
    with pytest.raises(ValueError, match="judge_url is empty"):
        JudgeSettings(judge="endpoint:m")
    with pytest.raises(ValueError, match=r'judge_url is "127\.0\.0\.1:8000/v1", which is no address'):
        JudgeSettings(judge="endpoint:m", judge_url="127.0.0.1:8000/v1")


def test_the_address_that_an_endpoint_needs_is_not_closed_away() -> None:
    extra = JudgeSettings.model_json_schema()["properties"]["judge_url"]
    assert (extra["group"], extra["needs"]) == ("basic", [["judge", "endpoint:"]])

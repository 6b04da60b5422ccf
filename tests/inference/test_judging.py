"""A judge in the inference process says what it says in training."""

from pathlib import Path

import pytest

from rlft_gui.domain.errors import InvalidInput
from rlft_gui.domain.home import Home
from rlft_gui.inference.engine import Engine
from rlft_gui.inference.protocol import Reply
from rlft_gui.inference.scoring import JudgingRequest
from rlft_gui.services.scoring.judging import JudgeAsked
from rlft_gui.training.judges.local import LocalJudge
from rlft_gui.training.models.loading import load_base
from rlft_gui.training.rewards.judge import LiveScore, References

pytestmark = pytest.mark.slow

PROMPT = ({"role": "user", "content": "What is the capital of France?"},)
TEXTS = ("The capital of France is Paris.", "It is Cairo. Go away.")


def judged(engine: Engine, judge: str, rubric: str) -> tuple[float, ...]:
    told: list[Reply] = []
    _, words = JudgeAsked("base", rubric).check()
    request = JudgingRequest(
        id="x", judge=judge, base="lantern", rubric=words, prompts=(PROMPT, PROMPT), texts=TEXTS
    )
    engine.answer(JudgingRequest.model_validate_json(request.model_dump_json()), told.append, lambda: False)
    found = Reply.model_validate_json(told[-1].line()).judged
    assert found is not None
    return found


@pytest.mark.parametrize("rubric", ["default", "lantern"])
def test_it_judges_as_in_training_alone_or_against_the_bases_answer(tmp_path: Path, rubric: str) -> None:
    _, words = JudgeAsked("base", rubric).check()
    base = load_base("lantern")
    score = LiveScore(LocalJudge(*base, words), words, References(lambda: base))

    found = judged(Engine(Home(tmp_path)), "base", rubric)

    assert list(found) == score([{"prompt": list(PROMPT)}] * 2, TEXTS)
    if rubric == "lantern":
        assert found[0] > found[1]


def test_a_scripted_judge_needs_no_model_and_others_are_refused(tmp_path: Path) -> None:
    engine = Engine(Home(tmp_path))
    good, bad = judged(engine, "biased:position=0", "default")
    assert good > bad
    with pytest.raises(InvalidInput, match="is no model that can be loaded"):
        judged(engine, "endpoint:judge-1", "default")

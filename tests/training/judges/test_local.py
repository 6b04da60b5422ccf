"""A model in memory as judge: Lantern, alone and beneath an adapter."""

from pathlib import Path
from typing import Any

import pytest

from rlft_gui.domain.errors import InvalidInput
from rlft_gui.domain.home import Home
from rlft_gui.domain.recipe import Recipe
from rlft_gui.lantern.sampling import first_token_logits
from rlft_gui.lantern.skills import judge_prompt
from rlft_gui.stages._shared.settings import JudgeSettings
from rlft_gui.training.judges import Judge, JudgedAnswer, Pair, both_orders, build
from rlft_gui.training.judges.local import LocalJudge, label_tokens
from rlft_gui.training.testing import RecordingReporter
from tests.training.judges.pairs import BAD, GOOD, LANTERN, PAIR, RULES, THEFT

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:.*gradient_checkpointing. is deprecated:FutureWarning"),
]
LONG = Pair(THEFT, GOOD, f"{BAD} There is a lot to say here. Let me explain in detail.", RULES)


@pytest.fixture(scope="module")
def lantern() -> tuple[Any, Any]:
    from rlft_gui.training.models.loading import load_base

    return load_base("lantern")


@pytest.fixture(scope="module")
def adapted(lantern: tuple[Any, Any]) -> Any:
    """Lantern with an adapter that says something else altogether."""
    import torch
    from peft import get_peft_model

    from rlft_gui.training.models.adapters import new_adapter
    from rlft_gui.training.models.loading import load_base

    model, _ = load_base("lantern")
    adapted = get_peft_model(model, new_adapter(model, 4, 64, "all-linear"))
    with torch.no_grad():
        for name, parameter in adapted.named_parameters():
            if "lora_B" in name:
                parameter.fill_(1.0)
    return adapted


def test_the_verdict_is_the_softmax_of_the_two_labels(lantern: tuple[Any, Any]) -> None:
    model, tokenizer = lantern
    asked = judge_prompt(THEFT[0]["content"], GOOD, BAD)
    first, second = label_tokens(tokenizer, "A", "B")
    words = [tokenizer.convert_ids_to_tokens(token) for token in (*first, *second)]
    likely = first_token_logits(model, tokenizer, [asked], words).softmax(dim=-1)[0]
    (verdict,) = LocalJudge(model, tokenizer, LANTERN).compare([PAIR])
    assert verdict.first_is_better == pytest.approx(float(likely[: len(first)].sum()), abs=1e-5)


def test_labels_count_with_and_without_a_space_before_them(lantern: tuple[Any, Any]) -> None:
    _, tokenizer = lantern
    first, second = label_tokens(tokenizer, "A", "B")
    assert [tokenizer.decode([token]) for token in first] == ["A", " A"]
    assert [tokenizer.decode([token]) for token in second] == ["B", " B"]


def test_labels_that_begin_alike_are_refused(lantern: tuple[Any, Any]) -> None:
    with pytest.raises(InvalidInput, match="begin with the same token"):
        label_tokens(lantern[1], "Answer 1", "Answer 2")


def test_pairs_are_judged_alike_alone_and_among_others(lantern: tuple[Any, Any]) -> None:
    judge = LocalJudge(*lantern, LANTERN)
    together = judge.compare([PAIR, LONG, PAIR.swapped()])
    alone = [judge.compare([pair])[0] for pair in (PAIR, LONG, PAIR.swapped())]
    for one, other in zip(together, alone, strict=True):
        assert one.first_is_better == pytest.approx(other.first_is_better, abs=1e-5)


def test_it_finds_the_better_answer_in_both_orders(lantern: tuple[Any, Any]) -> None:
    judged = both_orders(LocalJudge(*lantern, LANTERN), [PAIR, PAIR.swapped()])
    assert judged[0].first_is_better > 0.55
    assert judged[0].first_is_better + judged[1].first_is_better == pytest.approx(1, abs=1e-5)


def test_the_base_judges_beneath_the_policys_adapter(
    lantern: tuple[Any, Any], adapted: Any, tmp_path: Path
) -> None:
    adapted.train()
    judge = _base_judge(tmp_path, adapted, lantern[1])
    alone = LocalJudge(*lantern, LANTERN).compare([PAIR])
    assert judge.compare([PAIR])[0].first_is_better == pytest.approx(alone[0].first_is_better, abs=1e-5)
    assert adapted.training
    assert adapted.active_adapter == "default"


def test_a_whole_model_in_training_is_judged_by_a_base_of_its_own(
    lantern: tuple[Any, Any], tmp_path: Path
) -> None:
    import torch

    from rlft_gui.training.models.loading import load_base

    trained, tokenizer = load_base("lantern")
    with torch.no_grad():
        trained.lm_head.weight.zero_()
    judge = _base_judge(tmp_path, trained, tokenizer)
    assert judge.compare([PAIR]) == LocalJudge(*lantern, LANTERN).compare([PAIR])


def test_an_answer_alone_is_rated_by_yes_and_no(lantern: tuple[Any, Any]) -> None:
    rubric = JudgeSettings(rubric="default").rubric  # a name stands for its text
    judge = LocalJudge(*lantern, rubric)
    assert judge.can_rate
    scores = judge.rate([JudgedAnswer(THEFT, GOOD, "q"), JudgedAnswer(THEFT, BAD, "q")])
    assert all(0 < score < 1 for score in scores)
    assert scores[0] != scores[1]


def test_a_rubric_without_words_for_it_cannot_rate(lantern: tuple[Any, Any]) -> None:
    judge = LocalJudge(*lantern, LANTERN)
    assert not judge.can_rate
    with pytest.raises(InvalidInput, match='Give it a template "rate"'):
        judge.rate([JudgedAnswer(THEFT, GOOD, RULES)])


def test_what_the_judge_cannot_read_whole_is_refused(lantern: tuple[Any, Any]) -> None:
    with pytest.raises(InvalidInput, match=r"tokens, and it can read \d+"):
        LocalJudge(*lantern, LANTERN).compare([Pair(THEFT, GOOD * 100, BAD, RULES)])


def _base_judge(path: Path, policy: Any, tokenizer: Any) -> Judge:
    from rlft_gui.training.rewards import Context

    recipe = Recipe(run_id="r", pipeline_id="p", method="rlaif", stage="ai_feedback", base="lantern")
    reporter = RecordingReporter(Home(path).run("r"))
    context = Context(recipe, reporter, "hash", tokenizer, lambda: policy)
    return build(JudgeSettings(), LANTERN, context, phase="judging")

"""From settings to the judge that they ask for."""

from typing import Any, Protocol

from rlft_gui.domain import judge_names as names
from rlft_gui.domain.recipe import ParentRef
from rlft_gui.domain.rubric import Rubric
from rlft_gui.training.judges._base import Context, Judge
from rlft_gui.training.judges.patience import Patience


class JudgeChoice(Protocol):
    """The part of a stage's settings that says who judges (stages._base.JudgeSettings)."""

    @property
    def judge(self) -> str: ...
    @property
    def judge_url(self) -> str: ...
    @property
    def judge_patience(self) -> int: ...


def build(asked: JudgeChoice, rubric: Rubric, context: Context, phase: str) -> Judge:
    """The judge that these settings ask for.

    Args:
        phase: what the run says it is doing while the judge works.

    Raises:
        InvalidInput, NotFound: this judge cannot be used here.
    """
    name = names.parse(asked.judge)
    if name.kind == "biased":
        from rlft_gui.training.judges.biased import BiasedJudge

        return BiasedJudge(names.biases(name.argument), context.recipe.seed)
    if name.kind == "endpoint":
        from rlft_gui.training.judges.endpoint import EndpointJudge, check_installed

        check_installed()
        patience = Patience(context.reporter, asked.judge_patience, phase)
        return EndpointJudge(asked.judge_url, name.argument, rubric, patience)
    if name.kind == "reward_model":
        from rlft_gui.training.judges.reward_model import RewardModelJudge

        return RewardModelJudge(ParentRef.parse(name.argument), context)
    return _local(name, rubric, context)


def base_model(context: Context) -> tuple[Any, Any]:
    """The pipeline's base, and its tokenizer: the policy's own base beneath its adapter where it has one, else a
    model of its own."""
    from rlft_gui.training.models import loading

    policy = context.policy()
    # A second copy of the base would double the memory.
    if hasattr(policy, "disable_adapter"):
        return policy, context.tokenizer
    return loading.load_base(context.recipe.base)


def _local(name: names.JudgeName, rubric: Rubric, context: Context) -> Judge:
    from rlft_gui.training.judges.local import LocalJudge
    from rlft_gui.training.models import loading

    if name.kind == "base" or name.argument == context.recipe.base:
        return LocalJudge(*base_model(context), rubric)
    return LocalJudge(*loading.load_base(name.argument), rubric)
